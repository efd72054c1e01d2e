// What `make browser` runs: the checks that need a real browser, against a demo
// with everything in it. Ends with one line a check, and fails when one found
// anything. A name as argument runs that check alone: node check.mjs keyboard
import { startBrowser } from "./browser.mjs";
import { startDemo } from "./demo.mjs";
import { checkKeyboard } from "./keyboard.mjs";
import { checkNoScript } from "./noscript.mjs";
import { checkPages } from "./pages.mjs";
import { checkSamples } from "./samples.mjs";
import { checkTongues } from "./tongues.mjs";

// A check that stands alone needs no demo.
const checks = [
  { name: "samples", what: "every page with rich content, every state, both languages", run: checkSamples, alone: true },
  { name: "tongues", what: "the portal in all its languages, 320 px and 200 % zoom, without JavaScript", run: checkTongues, alone: true },
  { name: "pages", what: "every page of the demo, both languages, 360 and 1440 px, light and dark", run: checkPages },
  { name: "noscript", what: "the portal without JavaScript", run: checkNoScript },
  { name: "keyboard", what: "the whole story by keyboard only", run: checkKeyboard },
];

const most = 40; // findings shown for each check
const mostPlaces = 4; // places shown for each finding

// A finding is told when it is met, and its other places at the end.
async function runOne(check, browser, demo) {
  const began = Date.now();
  const findings = new Map(); // text → the places where it was found
  const complain = (where, text) => {
    const places = findings.get(text) ?? new Set();
    if (!places.size && findings.size < most) console.log(`  ✗  ${where}: ${text}`);
    findings.set(text, places.add(where));
  };
  try {
    await check.run({ browser, demo, complain, note: (text) => console.log(`     ${text}`) });
  } catch (err) {
    complain(check.name, err.stack ?? String(err));
  }
  for (const [text, places] of [...findings].slice(0, most)) {
    const others = [...places].slice(1);
    if (others.length) console.log(`     ${text.slice(0, 60)}… also in ${others.slice(0, mostPlaces).join("; ")}${others.length > mostPlaces ? ` and ${others.length - mostPlaces} more` : ""}`);
  }
  const seconds = ((Date.now() - began) / 1000).toFixed(0);
  console.log(`${findings.size ? "FAIL" : "ok  "} ${check.name}: ${check.what} (${findings.size} findings, ${seconds} s)`);
  return findings.size;
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !checks.some((c) => c.name === name));
if (unknown.length) {
  console.error(`no check is called ${unknown.join(", ")}; there are ${checks.map((c) => c.name).join(", ")}`);
  process.exit(2);
}

const chosen = checks.filter((c) => !wanted.length || wanted.includes(c.name));
const demo = chosen.every((c) => c.alone) ? null : await startDemo();
let findings = 0;
try {
  const browser = await startBrowser();
  try {
    for (const check of chosen) findings += await runOne(check, browser, demo);
  } finally {
    await browser.close();
  }
} finally {
  await demo?.stop();
}
process.exit(findings ? 1 : 0);
