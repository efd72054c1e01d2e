// Time-based one-time passwords (RFC 6238): SHA-1, 6 digits, 30 seconds, as
// every authenticator makes them from the secret of a sample person.
import { createHmac } from "node:crypto";

export const period = 30; // seconds

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** Decodes base32 (RFC 4648) without padding, in either case. */
export function base32(text) {
  let bits = 0;
  let value = 0;
  const out = [];
  for (const letter of text.toUpperCase().replace(/[\s=-]/g, "")) {
    const digit = alphabet.indexOf(letter);
    if (digit < 0) throw new Error(`read secret: ${JSON.stringify(letter)} is not base32`);
    value = ((value << 5) | digit) & 0xffff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      out.push((value >> bits) & 0xff);
    }
  }
  return Buffer.from(out);
}

/** The code of a secret at a time in milliseconds. */
export function totp(secret, at = Date.now(), digits = 6) {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 1000 / period)));
  const mac = createHmac("sha1", base32(secret)).update(counter).digest();
  const start = mac[19] & 0xf;
  const number = (mac.readUInt32BE(start) & 0x7fffffff) % 10 ** digits;
  return String(number).padStart(digits, "0");
}
