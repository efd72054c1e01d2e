// What `make browser` runs: the checks that need a real browser, against a demo
// with everything in it. Ends with one line a check, and fails when one found
// anything. A name as argument runs that check alone: node check.mjs keyboard
import { startBrowser } from "./browser.mjs";
import { startDemo } from "./demo.mjs";
import { checkKeyboard } from "./keyboard.mjs";
import { checkNoScript } from "./noscript.mjs";
import { checkPages } from "./pages.mjs";
import { checkSamples } from "./samples.mjs";

const checks = [
  { name: "samples", what: "every page with rich content, every state, both languages", run: checkSamples },
  { name: "pages", what: "every page of the demo, both languages, 360 and 1440 px, light and dark", run: checkPages },
  { name: "noscript", what: "the portal without JavaScript", run: checkNoScript },
  { name: "keyboard", what: "the whole story by keyboard only", run: checkKeyboard },
];

const most = 60; // complaints shown for each check

async function runOne(check, browser, demo) {
  const began = Date.now();
  const complaints = [];
  const notes = [];
  const complain = (text) => complaints.includes(text) || complaints.push(text);
  try {
    await check.run({ browser, demo, complain, note: (text) => notes.push(text) });
  } catch (err) {
    complain(err.stack ?? String(err));
  }
  for (const note of notes) console.log(`     ${note}`);
  for (const text of complaints.slice(0, most)) console.log(`  ✗  ${text}`);
  if (complaints.length > most) console.log(`  ✗  … and ${complaints.length - most} more`);
  const seconds = ((Date.now() - began) / 1000).toFixed(0);
  console.log(`${complaints.length ? "FAIL" : "ok  "} ${check.name}: ${check.what} (${complaints.length} findings, ${seconds} s)`);
  return complaints.length;
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !checks.some((c) => c.name === name));
if (unknown.length) {
  console.error(`no check is called ${unknown.join(", ")}; there are ${checks.map((c) => c.name).join(", ")}`);
  process.exit(2);
}

let findings = 0;
const demo = await startDemo();
try {
  const browser = await startBrowser();
  try {
    for (const check of checks) {
      if (!wanted.length || wanted.includes(check.name)) findings += await runOne(check, browser, demo);
    }
  } finally {
    await browser.close();
  }
} finally {
  await demo.stop();
}
process.exit(findings ? 1 : 0);
