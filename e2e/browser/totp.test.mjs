// The examples of RFC 6238, appendix B (SHA-1).
import assert from "node:assert/strict";
import test from "node:test";
import { base32, totp } from "./totp.mjs";

const secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"; // "12345678901234567890"

test("base32", () => {
  assert.equal(base32(secret).toString(), "12345678901234567890");
  assert.equal(base32("gezd gnbv").toString(), "12345");
  assert.throws(() => base32("0"), /not base32/);
});

test("RFC 6238, appendix B", () => {
  for (const [seconds, code] of [
    [59, "94287082"],
    [1111111109, "07081804"],
    [1111111111, "14050471"],
    [1234567890, "89005924"],
    [2000000000, "69279037"],
    [20000000000, "65353130"],
  ]) {
    assert.equal(totp(secret, seconds * 1000, 8), code);
    assert.equal(totp(secret, seconds * 1000), code.slice(2));
  }
});
