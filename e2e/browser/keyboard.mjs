// The whole story with the keyboard alone: a citizen writes, an officer takes,
// answers and closes, the citizen comes back and reads. No mouse, no touch, no
// filling by script: every letter is typed where the focus is, and the focus
// must be visible wherever it goes.
import { watchPage } from "./browser.mjs";
import { freshCode, inside } from "./signin.mjs";
import { answer, questions, returnCode, says } from "./story.mjs";

const question = questions.keyboard;

const mostTabs = 150; // a page with more stops than this is no page for a keyboard
const mostRows = 60;

/** A person at a keyboard. */
class Typist {
  constructor(page, complainAt) {
    this.page = page;
    this.complain = (text) => complainAt(new URL(page.url()).pathname, text);
  }

  focused(selector) {
    return this.page.evaluate((s) => document.activeElement?.matches(s) ?? false, selector);
  }

  /** Moves on with Tab until the focus is on selector. */
  async tabTo(selector) {
    for (let i = 0; i < mostTabs; i++) {
      if (await this.focused(selector)) return;
      await this.page.keyboard.press("Tab");
      await this.seesFocus();
    }
    throw new Error(`${this.page.url()}: Tab does not reach ${selector}`);
  }

  // A focus that nobody sees is no focus.
  async seesFocus() {
    const hidden = await this.page.evaluate(() => {
      const el = document.activeElement;
      if (!el || el === document.body) return "";
      const marked = (e, pseudo) => {
        const style = getComputedStyle(e, pseudo);
        return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
      };
      const box = el.getBoundingClientRect();
      const inside = box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight;
      const seen = inside && (marked(el) || marked(el, "::after") || (el.labels ? [...el.labels].some((l) => marked(l)) : false));
      return seen ? "" : el.outerHTML.slice(0, 120);
    });
    if (hidden) this.complain(`the focus cannot be seen on ${hidden}`);
  }

  /** Presses a key that leads to another page. */
  async go(key) {
    await Promise.all([this.page.waitForEvent("load"), this.page.keyboard.press(key)]);
  }

  /** Reaches a link or button and presses Enter on it. */
  async enter(selector) {
    await this.tabTo(selector);
    await this.go("Enter");
    const problems = await this.page.locator(".problems").allInnerTexts();
    if (problems.length) throw new Error(`${this.page.url()}: ${problems.join(" ")}`);
  }

  async type(selector, text) {
    await this.tabTo(selector);
    await this.page.keyboard.type(text);
  }

  /** Reaches a group of radio buttons and moves with the arrows to one value. */
  async choose(name, value) {
    await this.tabTo(`input[type=radio][name=${name}]`);
    if (!(await this.focused(`[value='${value}']`))) {
      for (let i = 0; i < 12 && !(await this.focused(`[value='${value}']`)); i++) await this.page.keyboard.press("ArrowDown");
    } else {
      await this.page.keyboard.press("Space");
    }
    if (!(await this.focused(`[value='${value}']:checked`))) throw new Error(`${this.page.url()}: the arrows do not reach ${name}=${value}`);
  }
}

async function writes(typist, demo) {
  await typist.page.goto(demo.portal);
  await typist.page.keyboard.press("Tab");
  if (!(await typist.focused("a.skip"))) typist.complain("the first stop of the portal is not the link to the content");
  await typist.enter("main a[href='/write']");
  await typist.enter("form[action='/write/who'] button.main");
  await typist.choose("identity", "anonymous");
  await typist.enter("form[action='/write/message'] button.main");
  await typist.type("textarea[name=message]", question);
  await typist.enter("form[action='/write/check'] button.main");
  await typist.enter("form[action='/write/send'] button.main");
  return returnCode(typist.page);
}

async function signsIn(typist, demo, person) {
  await typist.page.goto(demo.workbench);
  await typist.type("input[autocomplete=username]", person.login);
  await typist.type("input[type=password]", person.password);
  await typist.go("Enter");
  await typist.type("input[autocomplete='one-time-code']", await freshCode(person));
  await typist.go("Enter");
  await inside(typist.page, person);
}

// Moves through the queue with j until the row of our message is the current
// one, and opens it.
async function findsMessage(typist) {
  await typist.page.keyboard.press("g");
  await typist.go("i");
  const begin = question.slice(0, 24);
  for (let i = 0; i < mostRows; i++) {
    await typist.page.keyboard.press("j");
    const here = await typist.page.evaluate((words) => document.activeElement?.closest("[data-row]")?.textContent.includes(words) ?? false, begin);
    if (here) {
      await typist.seesFocus();
      return typist.go("Enter");
    }
  }
  throw new Error(`j does not reach the message that begins with ${JSON.stringify(begin)}`);
}

async function answersAndCloses(typist) {
  const path = new URL(typist.page.url()).pathname;
  await typist.page.keyboard.press("a"); // leads to the button; Enter takes
  if (!(await typist.focused(`form[action='${path}/take'] button`))) throw new Error("a does not lead to taking the conversation");
  await typist.go("Enter");
  await typist.page.keyboard.press("r");
  if (!(await typist.focused("textarea[name=message]"))) throw new Error("r does not lead to the answer");
  await typist.page.keyboard.type(answer);
  await typist.enter(`form[action='${path}/reply'] button`);
  await says(typist.page, answer);
  await typist.page.keyboard.press("e");
  await pickOutcome(typist, path);
  await typist.enter(`form[action='${path}/close'] button`);
}

// The outcome counts a measure (D 2.42).
async function pickOutcome(typist, path) {
  const form = `form[action='${path}/close']`;
  if (!(await typist.focused(`${form} [name=outcome]`))) throw new Error("e does not lead to the outcomes");
  await typist.page.keyboard.press("Space");
  await typist.type(`${form} [name=reason]`, "Conseil donné");
}

async function reads(typist, demo, code) {
  await typist.page.goto(demo.portal);
  await typist.enter("a[href='/return']");
  await typist.type("input[name=code]", code);
  await typist.enter("form[action='/return'] button.main");
  await says(typist.page, question, answer);
}

// Esc twice leaves for a harmless page at once; the visit is answered here, so
// that nothing leaves the machine.
async function leaves(browser, demo, complain) {
  const context = await browser.visitor({ lang: "fr" });
  const page = await context.newPage();
  const home = new URL(demo.portal).origin;
  await context.route(
    (url) => url.origin !== home,
    (route) => route.fulfill({ contentType: "text/html", body: "<title>elsewhere</title>" }),
  );
  await page.goto(new URL("/write", demo.portal).href);
  const gone = page.waitForURL((url) => url.origin !== home, { timeout: 5_000 });
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await gone.catch(() => complain("/write", "Esc Esc does not leave the portal"));
  await context.close();
}

export async function checkKeyboard({ browser, demo, complain, note }) {
  const sit = async (lang) => {
    const context = await browser.visitor({ lang });
    const page = await context.newPage();
    const typist = new Typist(page, complain);
    watchPage(page, typist.complain);
    return typist;
  };
  const officers = demo.people.filter((p) => /patrol/.test(p.role));
  if (!officers.length) throw new Error(`nobody among the sample people is a patrol officer: ${demo.people.map((p) => p.role).join(", ")}`);

  const citizen = await sit("fr");
  const code = await writes(citizen, demo);
  note("a citizen has written");
  const officer = await sit("fr");
  await signsIn(officer, demo, officers[0]);
  await findsMessage(officer);
  await answersAndCloses(officer);
  note("an officer has taken, answered and closed");
  await reads(citizen, demo, code);
  note("the citizen has read the answer");
  await leaves(browser, demo, complain);
}
