// The portal without JavaScript: write, get a receipt, come back, read, add.
import { watchPage } from "./browser.mjs";
import { addition, questions, returnCode, says } from "./story.mjs";

/** Presses the main button of the form that posts to action. */
async function send(page, action) {
  const button = page.locator(`form[action='${action}'] button.main`).last();
  await Promise.all([page.waitForEvent("load"), button.click()]);
  const problems = await page.locator(".problems").allInnerTexts();
  if (problems.length) throw new Error(`${action}: ${problems.join(" ")}`);
}

async function follow(page, href) {
  await Promise.all([page.waitForEvent("load"), page.locator(`main a[href='${href}'], nav a[href='${href}']`).first().click()]);
}

/** Writes to us from the first page to the receipt; returns the return code. */
export async function write(page, demo, question) {
  await page.goto(demo.portal);
  if (!(await page.locator("a[href='tel:112']").first().isVisible())) throw new Error("the first page has no link that dials 112");
  await follow(page, "/write");
  await send(page, "/write/who");
  await page.check("input[name=identity][value=anonymous]");
  await send(page, "/write/message");
  await page.fill("textarea[name=message]", question);
  await send(page, "/write/check");
  await says(page, question);
  await send(page, "/write/send");
  return returnCode(page);
}

async function comeBack(page, demo, code) {
  await page.goto(demo.portal);
  await follow(page, "/return");
  await page.fill("input[name=code]", code.toUpperCase().replaceAll("-", " ")); // as people type it
  await send(page, "/return");
}

// The page says what was wrong; what was typed stays, unless it is a secret.
async function mistakes(page, demo) {
  await page.goto(new URL("/return", demo.portal).href);
  await page.fill("input[name=code]", "not a code");
  await refused(page, "/return");
  if (await page.inputValue("input[name=code]")) throw new Error("a mistyped return code is sent back in the page");

  await page.goto(new URL("/write", demo.portal).href);
  await send(page, "/write/who");
  await refused(page, "/write/message"); // nothing chosen
  await page.check("input[name=identity][value=anonymous]");
  await send(page, "/write/message");
  await page.fill("input[name=link]", "https://example.org/offer");
  await refused(page, "/write/check"); // nothing written
  if ((await page.inputValue("input[name=link]")) !== "https://example.org/offer") throw new Error("what was typed is gone after a mistake");
}

async function refused(page, action) {
  await Promise.all([page.waitForEvent("load"), page.locator(`form[action='${action}'] button.main`).last().click()]);
  if (!(await page.locator(".problems").isVisible())) throw new Error(`${action}: a mistake is not answered with what is wrong`);
}

export async function checkNoScript({ browser, demo, complain, note }) {
  for (const width of [360, 1440]) {
    const context = await browser.visitor({ lang: "fr", width, javaScriptEnabled: false });
    const page = await context.newPage();
    watchPage(page, (text) => complain(`${width} px ${page.url()}`, text));
    const question = questions[width];
    const code = await write(page, demo, question);
    await comeBack(page, demo, code);
    await says(page, question);
    await page.fill("form[action='/conversation/add'] textarea", addition);
    await send(page, "/conversation/add");
    await says(page, question, addition);
    await mistakes(page, demo);
    await context.close();

    // Another visitor, who has nothing but the code.
    const later = await browser.visitor({ lang: "fr", width, javaScriptEnabled: false });
    const again = await later.newPage();
    await comeBack(again, demo, code);
    await says(again, question, addition);
    await later.close();
    note(`${width} px: written, returned, added, read again elsewhere`);
  }
}
