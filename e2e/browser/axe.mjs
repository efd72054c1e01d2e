// axe-core on one page, as text that names the rule, the place and the reason.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

const source = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

// Every rule that axe has, with the two that it leaves off: targets of 24 px
// (WCAG 2.2 AA) and contrast of 7:1, which is our own aim for text.
const options = {
  resultTypes: ["violations"],
  rules: {
    "target-size": { enabled: true },
    "color-contrast-enhanced": { enabled: true },
  },
};

// What a colour scheme can change: our style sheets differ in colours alone.
const colours = { resultTypes: ["violations"], runOnly: ["color-contrast", "color-contrast-enhanced", "link-in-text-block"] };

/**
 * The findings of axe-core on the page as it stands; with coloursOnly, of the
 * rules about colours, for a page whose other findings are known.
 */
export async function axe(page, coloursOnly = false) {
  if (!(await page.evaluate(() => Boolean(globalThis.axe)))) await page.evaluate(source);
  const { violations } = await page.evaluate((o) => globalThis.axe.run(document, o), coloursOnly ? colours : options);
  return violations.map(({ id, help, nodes }) => {
    const places = nodes.slice(0, 3).map((n) => `${n.target.join(" ")} (${n.any[0]?.message ?? n.all[0]?.message ?? n.none[0]?.message ?? ""})`);
    return `axe ${id}: ${help}: ${nodes.length} × ${places.join("; ")}`;
  });
}

/**
 * What axe-core can see of a page, without its words: language, elements,
 * classes, the names of attributes, and where there is text at all. Two pages
 * with the same skeleton have the same findings.
 */
export function skeleton(page) {
  return page.evaluate(() => {
    const parts = [document.documentElement.lang];
    for (const el of document.querySelectorAll("*")) {
      const names = el.getAttributeNames().sort().join(",");
      const text = [...el.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
      parts.push(`${el.tagName} ${el.className} ${names} ${el.getAttribute("role") ?? ""} ${el.getAttribute("type") ?? ""} ${text}`);
    }
    return parts.join("\n");
  });
}

/** Says when a page is wider than its window. */
export async function tooWide(page) {
  const { inner, wide, culprits } = await page.evaluate(() => {
    const inner = document.documentElement.clientWidth;
    const wide = document.documentElement.scrollWidth;
    const culprits = [];
    if (wide > inner) {
      for (const el of document.body.querySelectorAll("*")) {
        const box = el.getBoundingClientRect();
        if (box.width && box.right > inner + 1) culprits.push(el.tagName.toLowerCase() + (el.className ? "." + String(el.className).split(" ")[0] : ""));
      }
    }
    return { inner, wide, culprits: [...new Set(culprits)].slice(0, 5) };
  });
  return wide > inner ? [`scrolls sideways: ${wide} px in a window of ${inner} px (${culprits.join(", ")})`] : [];
}
