// Every page that the program can show, filled with rich invented content: the
// samples of web/view, in every language and state, also those that a visit to
// the demo does not reach (errors, empty lists, the rarest role).
import { execFile } from "node:child_process";
import { createServer } from "node:http";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { languages, watchPage } from "./browser.mjs";
import { inspect } from "./pages.mjs";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const least = 40; // sample pages in each language

// As strict as the program's own, so that an inline style or script is seen.
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const types = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".woff2": "font/woff2",
  ".txt": "text/plain; charset=utf-8",
};

/** Writes the samples to a folder and serves it. */
export async function serveSamples() {
  const dir = await mkdtemp(path.join(tmpdir(), "ronde-samples-"));
  await promisify(execFile)("go", ["test", "-count=1", "-run", "^TestPreview$", "./web/view"], {
    cwd: repository,
    env: { ...process.env, RONDE_PREVIEW: dir },
  });
  const server = createServer(async (request, response) => {
    const file = path.join(dir, path.normalize(decodeURIComponent(new URL(request.url, "http://localhost").pathname)));
    try {
      const body = await readFile(file);
      response.writeHead(200, { "content-type": types[path.extname(file)] ?? "application/octet-stream", "content-security-policy": policy });
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const at = `http://127.0.0.1:${server.address().port}`;
  const names = (lang) => readdir(path.join(dir, lang)).then((all) => all.filter((n) => n.endsWith(".html")).sort());
  const stop = async () => {
    await new Promise((resolve) => server.close(resolve));
    await rm(dir, { recursive: true, force: true });
  };
  return { at, names, stop };
}

/** Calls visit(page, name, complain) on every sample in one language. */
export async function eachSample(browser, samples, lang, complainAt, visit) {
  const context = await browser.visitor({ lang });
  const page = await context.newPage();
  let where = "";
  const complain = (text) => complainAt(`sample ${lang} ${where}`, text);
  watchPage(page, complain);
  const names = await samples.names(lang);
  for (where of names) {
    await page.goto(`${samples.at}/${lang}/${where}`, { waitUntil: "load" });
    await visit(page, where, complain);
  }
  await context.close();
  return names.length;
}

export async function checkSamples({ browser, complain, note }) {
  const samples = await serveSamples();
  try {
    await Promise.all(
      Object.keys(languages).map(async (lang) => {
        const pages = await eachSample(browser, samples, lang, complain, (page, name, say) => inspect(page, say));
        if (pages < least) complain(`samples ${lang}`, `${pages} pages, at least ${least} are there`);
        note(`samples ${lang}: ${pages} pages`);
      }),
    );
  } finally {
    await samples.stop();
  }
}
