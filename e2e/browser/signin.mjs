// Signing in to the workbench as a sample person, by the same form as everyone.
import { setTimeout as pause } from "node:timers/promises";
import { period, totp } from "./totp.mjs";

const codeField = "input[autocomplete='one-time-code']";
const passwordField = "input[type=password]";

// A one-time code works once. Whoever signs in again within its thirty seconds
// waits for the next, as a person with an authenticator does.
const used = new Map(); // secret → period of the last code

/** The next code of a person that was not used before. */
export async function freshCode(person) {
  const now = () => Math.floor(Date.now() / 1000 / period);
  const last = used.get(person.totp_secret);
  if (last !== undefined && now() <= last) await pause((last + 1) * period * 1000 - Date.now() + 50);
  used.set(person.totp_secret, now());
  return totp(person.totp_secret);
}

/** Signs in on a page and ends on the workbench's first page. */
export async function signIn(page, workbench, person) {
  await page.goto(workbench);
  await page.fill("input[autocomplete=username]", person.login);
  await page.fill(passwordField, person.password);
  await press(page, passwordField);
  if (await page.$(passwordField)) throw new Error(`sign in as ${person.login}: ${await problems(page)}`);
  await page.fill(codeField, await freshCode(person));
  await press(page, codeField);
  if (await page.$(codeField)) throw new Error(`sign in as ${person.login}: ${await problems(page)}`);
}

async function press(page, field) {
  await Promise.all([page.waitForEvent("load"), page.press(field, "Enter")]);
}

async function problems(page) {
  const said = await page.$$eval(".problems, .wrong, [role=alert]", (all) => all.map((el) => el.textContent.trim()).join(" "));
  return said || `the page ${page.url()} asks again and does not say why`;
}
