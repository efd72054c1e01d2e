import assert from "node:assert/strict";
import test from "node:test";
import { shape } from "./crawl.mjs";

const of = (path) => shape(new URL(path, "http://127.0.0.1"));

test("identifiers and values are left out of a shape", () => {
  assert.equal(of("/conversations/cnv_01hzy2k9q/answer"), "/conversations/*/answer?");
  assert.equal(of("/figures/2026-11?b=2&a=1"), "/figures/*?a&b");
  assert.equal(of("/officers"), "/officers?");
});
