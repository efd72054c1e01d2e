// Every page of both doors, in every language: no finding of axe-core at 360
// and 1440 px, light and dark; nothing sideways at 320 px; a quiet console.
import { axe, skeleton, tooWide } from "./axe.mjs";
import { heights, languages, watchPage } from "./browser.mjs";
import { crawl } from "./crawl.mjs";
import { signIn } from "./signin.mjs";

const widths = [360, 1440];
const schemes = ["light", "dark"];
const narrowest = 320;
const visitors = 2; // at the same time, one for each core of a small machine

// What a door must at least show, so that a crawl that finds nothing is no success.
const least = { portal: 10, workbench: 3 };

/** The doors as visitors see them: the portal, the gate, and the workbench of each person. */
export function visits(demo) {
  return [
    { name: "portal", start: demo.portal },
    { name: "gate", start: demo.workbench },
    ...demo.people.map((person, turn) => ({ turn, name: "workbench of " + (person.role || person.login), start: demo.workbench, person })),
  ];
}

/**
 * Opens one door in one language with a fresh visitor and calls visit(page,
 * url, complain) on every page. Returns how many there were.
 */
export async function eachPage(browser, door, lang, complainAt, visit) {
  const context = await browser.visitor({ lang, storageState: door.state });
  try {
    const page = await context.newPage();
    let where = door.start;
    const complain = (text) => complainAt(`${door.name} ${lang} ${where}`, text);
    watchPage(page, complain);
    if (door.person && !door.state) {
      await signIn(page, door.start, door.person);
      door.state = await context.storageState(); // a second language needs no second code
    }
    await chooseLanguage(page, door.start, lang);
    const arrive = (url) => (where = url.pathname + url.search);
    const found = await crawl(page, door.start, complain, arrive, async (page, url) => {
      const said = await page.getAttribute("html", "lang");
      if (said !== lang) complain(`is in ${said}, asked for ${lang}`);
      await visit(page, url, complain);
    });
    const want = least[door.name.split(" ")[0]] ?? 1;
    if (found.length < want) complainAt(`${door.name} ${lang}`, `found ${found.length} pages, at least ${want} are there: ${found.join(" ")}`);
    return found;
  } finally {
    await context.close();
  }
}

// The language is chosen as people choose it, by the link that every page has.
async function chooseLanguage(page, start, lang) {
  await page.goto(start);
  if ((await page.getAttribute("html", "lang")) === lang) return;
  const menu = await page.$("details.langs > summary"); // the portal's; the workbench has a plain link
  if (menu) await menu.click();
  const link = await page.$(`a[hreflang="${lang}"]`);
  if (!link) throw new Error(`${start} offers no ${lang}`);
  await Promise.all([page.waitForEvent("load"), link.click()]);
}

/**
 * Looks at one page in each width and scheme, without loading it again. With a
 * set of skeletons, a page that is built like one before is only measured.
 */
export async function inspect(page, complain, known = new Set()) {
  const built = await skeleton(page);
  const look = !known.has(built);
  known.add(built);
  const findings = new Map(); // finding → where it was seen
  const add = (finding, where) => findings.set(finding, [...(findings.get(finding) ?? []), where]);
  for (const width of [narrowest, ...widths]) {
    await page.setViewportSize({ width, height: heights[width] });
    for (const finding of await tooWide(page)) add(finding, `${width} px`);
    if (!look || width === narrowest) continue;
    for (const colorScheme of schemes) {
      await page.emulateMedia({ colorScheme });
      for (const finding of await axe(page, colorScheme !== schemes[0])) add(finding, `${width} px ${colorScheme}`);
    }
  }
  await page.emulateMedia({ colorScheme: "light" });
  for (const [finding, where] of findings) complain(`${finding} [${where.join(", ")}]`);
}

// The portal in both languages; of the other seats, all with the same words
// around other rows, one in French and the next in English, unless WIDE is set.
function spoken(door) {
  const all = Object.keys(languages);
  return process.env.WIDE || !door.person ? all : [all[door.turn % all.length]];
}

/** The check: every door; a page that is not there as well. */
export async function checkPages({ browser, demo, complain, note }) {
  const waiting = visits(demo);
  const known = new Set();
  const worker = async () => {
    for (let door = waiting.shift(); door; door = waiting.shift()) {
      const began = Date.now();
      let pages = 0;
      for (const lang of spoken(door)) {
        const found = await eachPage(browser, door, lang, complain, (page, url, say) => inspect(page, say, known));
        pages += found.length;
        if (!door.person) await checkMissing(browser, door, lang, complain);
      }
      note(`${door.name}: ${pages} pages, ${Math.round((Date.now() - began) / 1000)} s`);
    }
  };
  await Promise.all(Array.from({ length: visitors }, worker));
  note(`${known.size} of them built differently, looked at with axe`);
}

// A wrong address is answered with a page of the same house.
async function checkMissing(browser, door, lang, complainAt) {
  const context = await browser.visitor({ lang });
  const page = await context.newPage();
  const complain = (text) => complainAt(`${door.name} ${lang} /no-such-page`, text);
  watchPage(page, complain);
  const answer = await page.goto(new URL("/no-such-page", door.start).href);
  const asked = door.name === "portal" ? 404 : 200; // the workbench tells strangers nothing: it asks who they are
  if (answer.status() !== asked) complain(`answers ${answer.status()}, want ${asked}`);
  await inspect(page, complain);
  await context.close();
}
