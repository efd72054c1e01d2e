// Pictures of every page, to be looked at one by one: 360, 768 and 1440 px,
// light and dark, French and English, into LOOK_DIR, outside the repository.
// `node look.mjs samples` takes the samples only and needs no demo; `readme`
// makes the two pictures of the README instead.
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { heights, languages, startBrowser } from "./browser.mjs";
import { startDemo } from "./demo.mjs";
import { write } from "./noscript.mjs";
import { eachPage, visits } from "./pages.mjs";
import { eachSample, serveSamples } from "./samples.mjs";
import { signIn } from "./signin.mjs";

const widths = [360, 768, 1440];
const schemes = ["light", "dark"];
const repository = fileURLToPath(new URL("../..", import.meta.url));

/** A file name for a page: its address, without what a file name cannot hold. */
function fileName(url) {
  const name = (url.pathname + url.search).replace(/[^0-9A-Za-z]+/g, "-").replace(/^-|-$/g, "");
  return name.slice(0, 80) || "index";
}

/** Takes one page in every width and scheme; returns how many pictures that were. */
async function take(page, file) {
  for (const width of widths) {
    await page.setViewportSize({ width, height: heights[width] });
    for (const colorScheme of schemes) {
      await page.emulateMedia({ colorScheme });
      await page.screenshot({ path: file(`${width}-${colorScheme}`), fullPage: true });
    }
  }
  return widths.length * schemes.length;
}

async function everySample(browser, dir) {
  let pictures = 0;
  const samples = await serveSamples();
  try {
    for (const lang of Object.keys(languages)) {
      await eachSample(browser, samples, lang, console.error, async (page, name) => {
        pictures += await take(page, (how) => path.join(dir, "samples", `${name.replace(".html", "")}-${how}-${lang}.png`));
      });
    }
  } finally {
    await samples.stop();
  }
  return pictures;
}

async function everyDoor(browser, demo, dir) {
  let pictures = 0;
  for (const door of visits(demo)) {
    const folder = path.join(dir, door.name.replace(/[^0-9A-Za-z]+/g, "-"));
    for (const lang of Object.keys(languages)) {
      await eachPage(browser, door, lang, console.error, async (page, url) => {
        pictures += await take(page, (how) => path.join(folder, `${fileName(url)}-${how}-${lang}.png`));
      });
    }
    console.log(folder);
  }
  return pictures;
}

// Messages for the picture of the inbox; all invented.
const messages = {
  en: [
    "Somebody on a game server says he is a police officer and wants my address. Is he one of you?",
    "A friend was offered money to keep a parcel for a night. He is 15 and afraid to say no now.",
    "How can we invite an officer to our school's online safety week in March?",
  ],
  fr: [
    "Il dit qu'il va me tuer si je ne livre pas ce soir, il connaît mon adresse.",
    "J'ai perdu l'accès à mon compte et quelqu'un écrit à mes amis en mon nom.",
  ],
};

async function readme(browser, demo) {
  const dir = path.join(repository, "docs", "images");
  await mkdir(dir, { recursive: true });
  for (const lang of Object.keys(messages)) {
    const citizen = await browser.visitor({ lang });
    for (const text of messages[lang]) await write(await citizen.newPage(), demo, text);
    await citizen.close();
  }
  const context = await browser.visitor({ lang: "en" });
  const page = await context.newPage();
  await page.goto(demo.portal);
  await page.screenshot({ path: path.join(dir, "portal.png") });
  await signIn(page, demo.workbench, demo.people.find((p) => p.role === "patrol-officer"));
  await page.goto(new URL("/inbox", demo.workbench).href);
  await page.screenshot({ path: path.join(dir, "workbench.png") });
  await context.close();
  console.log(`ok   ${dir}`);
}

const what = process.argv[2] ?? "all"; // all, samples or readme
const dir = process.env.LOOK_DIR && path.resolve(process.env.LOOK_DIR);
if (what !== "readme" && (!dir || (dir + path.sep).startsWith(repository))) {
  console.error("LOOK_DIR names a folder outside the repository");
  process.exit(2);
}
const demo = what === "samples" ? null : await startDemo();
const browser = await startBrowser();
try {
  if (what === "readme") await readme(browser, demo);
  else {
    let pictures = await everySample(browser, dir);
    if (demo) pictures += await everyDoor(browser, demo, dir);
    console.log(`ok   ${pictures} pictures in ${dir}`);
  }
} finally {
  await browser.close();
  await demo?.stop();
}
