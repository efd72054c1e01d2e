// Finds the pages behind a door by following its links.

const maxPages = 400; // a door with more has a loop
const perShape = 3; // pages that differ in an identifier only
const perFolder = 12; // pages directly below one address

/** Turns an address into its shape: identifiers and values left out. */
export function shape(url) {
  const path = url.pathname.replace(/\/[a-z]{2,5}_[0-9A-Za-z_-]{6,}/g, "/*").replace(/\/\d[\d-]*(?=\/|$)/g, "/*");
  return path + "?" + [...url.searchParams.keys()].sort().join("&");
}

/**
 * Follows the links from start, breadth first. Calls arrive(url) before a page
 * is loaded and visit(page, url) when it stands, if it is HTML. Returns the
 * addresses, and complains about links that lead nowhere.
 */
export async function crawl(page, start, complain, arrive, visit) {
  const first = new URL(start);
  const queue = [{ to: first.href, from: "the door" }];
  const known = new Set([first.href]);
  const shapes = new Map();
  const folders = new Map();
  const found = [];
  const room = (map, key, most) => {
    const n = (map.get(key) ?? 0) + 1;
    map.set(key, n);
    return n <= most;
  };

  while (queue.length) {
    if (found.length >= maxPages) throw new Error(`crawl ${start}: more than ${maxPages} pages`);
    const { to, from } = queue.shift();
    const url = new URL(to);
    arrive(url);
    if (!(await isPage(page, url, from, complain))) continue;
    await page.goto(url.href, { waitUntil: "load" });
    found.push(url.href);
    await visit(page, url);
    for (const link of await links(page)) {
      const next = new URL(link);
      next.hash = "";
      if (next.origin !== first.origin || known.has(next.href) || next.pathname.startsWith("/lang/")) continue;
      known.add(next.href);
      const folder = next.pathname.slice(0, next.pathname.lastIndexOf("/"));
      if (!room(shapes, shape(next), perShape)) continue;
      if (folder !== "" && !room(folders, folder, perFolder)) continue;
      queue.push({ to: next.href, from: url.pathname });
    }
  }
  return found;
}

function links(page) {
  return page.$$eval("a[href]", (all) => all.map((a) => a.href));
}

/** Whether an address is a page; a picture, a table or a feed only has to answer. */
async function isPage(page, url, from, complain) {
  const answer = await page.context().request.get(url.href, { maxRedirects: 5 });
  if (answer.status() >= 400) {
    complain(`is linked from ${from} and answers ${answer.status()}`);
    return false;
  }
  return (answer.headers()["content-type"] ?? "").startsWith("text/html");
}
