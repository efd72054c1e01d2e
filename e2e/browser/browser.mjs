// The browser, and what every page in it must keep: nothing on the console, no
// request to anybody else, nothing that the content security policy refused.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { chromium } from "playwright-core";

const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";

export const languages = { fr: "fr-FR", en: "en-GB" };
export const heights = { 320: 640, 360: 740, 768: 1024, 1440: 900 };

/** Starts Chromium with an empty profile; close() removes it. */
export async function startBrowser() {
  const home = await mkdtemp(path.join(tmpdir(), "ronde-chromium-"));
  const browser = await chromium.launch({
    executablePath,
    headless: true,
    env: { ...process.env, HOME: home },
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  return {
    /** A fresh visitor. Options are Playwright's, beside lang and width. */
    visitor: ({ lang = "fr", width = 1440, ...more } = {}) =>
      browser.newContext({
        locale: languages[lang],
        timezoneId: "Europe/Paris",
        viewport: { width, height: heights[width] },
        reducedMotion: "reduce",
        ...more,
      }),
    close: async () => {
      await browser.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** Listens to a page and calls complain(text) for whatever it should not do. */
export function watchPage(page, complain) {
  page.on("pageerror", (err) => complain(`script error: ${err.message}`));
  page.on("console", (message) => {
    if (message.type() !== "error" && message.type() !== "warning") return;
    const text = message.text();
    const about = message.location()?.url ?? "";
    const failed = text.startsWith("Failed to load resource");
    if (failed && about === page.url()) return; // the page itself; its status is checked where it was asked for
    complain(`console: ${text}${failed ? " " + about : ""}`);
  });
  page.on("requestfailed", (request) => {
    const why = request.failure()?.errorText ?? "";
    if (why !== "net::ERR_ABORTED") complain(`request failed: ${request.url()} ${why}`);
  });
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.protocol.startsWith("http") && !["127.0.0.1", "localhost", "[::1]"].includes(url.hostname)) {
      complain(`asks somebody else: ${url.href}`);
    }
  });
}
