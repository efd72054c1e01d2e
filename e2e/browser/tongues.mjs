// The portal in every language that it has, without our JavaScript: at 320 px, and
// at 200 % zoom (640 px of a wide window, two device pixels each), from the
// same samples as the wide matrix. Each page must say its language and the
// direction of its script.
import { readdir } from "node:fs/promises";
import { axe, tooWide } from "./axe.mjs";
import { watchPage } from "./browser.mjs";
import { serveSamples } from "./samples.mjs";

const sizes = [
  { name: "320 px", viewport: { width: 320, height: 640 } },
  { name: "200 %", viewport: { width: 640, height: 450 }, deviceScaleFactor: 2 },
];
const catalog = new URL("../../internal/lang/catalog/", import.meta.url);
const least = 20; // pages of the portal in each language

export async function checkTongues({ browser, complain, note }) {
  const samples = await serveSamples();
  try {
    const waiting = await readdir(catalog);
    const worker = async () => {
      for (let lang = waiting.shift(); lang; lang = waiting.shift()) note(`${lang}: ${await look(browser, samples, lang, complain)} pages`);
    };
    await Promise.all([worker(), worker()]);
  } finally {
    await samples.stop();
  }
}

async function look(browser, samples, lang, complainAt) {
  const names = (await samples.names(lang)).filter((name) => name.startsWith("portal-"));
  if (names.length < least) complainAt(`tongues ${lang}`, `${names.length} pages, at least ${least} are there`);
  for (const { name: size, ...options } of sizes) {
    const context = await browser.visitor(options);
    await context.route("**/*.js", (route) => route.fulfill({ contentType: "text/javascript", body: "" })); // axe itself needs an engine
    const page = await context.newPage();
    let where = "";
    const complain = (text) => complainAt(`${lang} ${where} at ${size}`, text);
    watchPage(page, complain);
    for (where of names) {
      await page.goto(`${samples.at}/${lang}/${where}`, { waitUntil: "load" });
      const said = await page.evaluate(() => `${document.documentElement.lang} ${document.documentElement.dir}`);
      if (said !== `${lang} ${lang === "ar" ? "rtl" : "ltr"}`) complain(`says that it is ${said}`);
      for (const finding of await tooWide(page)) complain(finding);
      for (const finding of await axe(page)) complain(finding);
    }
    await context.close();
  }
  return names.length;
}
