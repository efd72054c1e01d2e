// Signing in to the workbench as a sample person, by the same form as everyone.
import { setTimeout as pause } from "node:timers/promises";
import { period, totp } from "./totp.mjs";

const codeField = "input[autocomplete='one-time-code']";
const passwordField = "input[type=password]";

// A one-time code works once, and the demo used one to set each person up.
// Whoever's code has served already waits for the next, as a person with an
// authenticator does.
const used = new Map(); // secret → the last period that may have served

/** The next code of a person that did not serve before. */
export async function freshCode(person) {
  const periodOf = (ms) => Math.floor(ms / 1000 / period);
  const last = used.get(person.totp_secret) ?? periodOf(person.known_since);
  if (periodOf(Date.now()) <= last) await pause((last + 1) * period * 1000 - Date.now() + 50);
  used.set(person.totp_secret, periodOf(Date.now()));
  return totp(person.totp_secret);
}

/** Signs in on a page and ends on the workbench's first page. */
export async function signIn(page, workbench, person) {
  await page.goto(workbench);
  await page.fill("input[autocomplete=username]", person.login);
  await page.fill(passwordField, person.password);
  await press(page, passwordField);
  await inside(page, person, passwordField);
  await page.fill(codeField, await freshCode(person));
  await press(page, codeField);
  await inside(page, person, codeField);
}

/** Fails when the sign-in asks for the same field again. */
export async function inside(page, person, field = `${passwordField}, ${codeField}`) {
  if (!(await page.$(field))) return;
  const said = await page.$$eval(".problems", (all) => all.map((el) => el.innerText).join(" "));
  throw new Error(`sign in as ${person.login}: ${page.url()} asks again: ${said}`);
}

async function press(page, field) {
  await Promise.all([page.waitForEvent("load"), page.press(field, "Enter")]);
}
