// The inbox and an open conversation stay true while somebody looks at them.
// What is there changes its words in place; what is new waits behind one line
// until it is asked for. Everything works without this file, by opening the
// page again.
"use strict";
(() => {
  const live = document.body.dataset.live;
  const talk = document.querySelector("[data-talk]");
  const composer = document.querySelector(".composer[data-draft]");
  if (talk) talk.scrollTop = talk.scrollHeight;

  const put = (el, text) => {
    if (!el) return;
    if (el.textContent !== text) el.textContent = text;
    el.hidden = text === "";
  };

  function fresh(number) {
    const bar = document.querySelector("[data-fresh]");
    if (!bar) return;
    put(bar.querySelector("[data-fresh-n]"), number > 1 ? String(number) : "");
    bar.hidden = number === 0;
    document.title = document.title.replace(/^\(\d+\) /, "");
    if (number) document.title = `(${number}) ${document.title}`;
  }

  // The page as it is now, read again as a whole: one way to make it.
  async function again() {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) throw new Error("not the page");
    return new DOMParser().parseFromString(await answer.text(), "text/html");
  }

  function swap(page, name) {
    const here = document.querySelector(`[data-swap="${name}"]`);
    const there = page.querySelector(`[data-swap="${name}"]`);
    if (here && there) here.replaceChildren(...there.childNodes);
  }

  // The chips keep their places; only their marks change, or one comes or goes.
  function strip(mine) {
    const bar = document.querySelector("[data-strip]");
    if (!bar || !mine) return;
    bar.hidden = mine.length === 0;
    const list = bar.querySelector("ol");
    const chips = new Map([...bar.querySelectorAll("[data-chip]")].map((a) => [a.dataset.chip, a]));
    mine.forEach((c, place) => {
      let a = chips.get(c.id);
      chips.delete(c.id);
      if (!a) {
        a = document.createElement("a");
        a.className = "chip";
        a.href = "/inbox/" + c.id;
        a.dataset.chip = c.id;
        const name = document.createElement("span");
        name.textContent = c.ref;
        a.append(name);
        const item = document.createElement("li");
        item.append(a);
        list.append(item);
      }
      let key = a.querySelector("kbd");
      if (place < 9 && !key) {
        key = document.createElement("kbd");
        key.setAttribute("aria-hidden", "true");
        a.prepend(key);
      }
      if (key) put(key, place < 9 ? String(place + 1) : "");
      a.classList.toggle("unread", c.unread > 0);
      a.classList.toggle("urgent", c.urgent);
      let news = a.querySelector(".news");
      if (c.label && !news) {
        news = document.createElement("b");
        news.className = "news";
        a.append(news);
      }
      if (news) put(news, c.label);
    });
    for (const a of chips.values()) if (!a.hasAttribute("aria-current")) a.closest("li").remove();
  }

  function inbox(data) {
    strip(data.mine);
    const shown = new Map([...document.querySelectorAll("[data-queue] [data-row]")].map((row) => [row.dataset.id, row]));
    let unseen = 0;
    for (const c of data.rows) {
      const row = shown.get(c.id);
      if (!row) {
        unseen++;
        continue;
      }
      put(row.querySelector("[data-wait]"), c.wait);
      put(row.querySelector("[data-state]"), c.wait ? "" : c.state);
      put(row.querySelector("[data-who]"), c.who);
      put(row.querySelector("[data-here]"), c.here);
      row.classList.toggle("unread", c.unread);
      row.classList.toggle("idle", !c.unread);
    }
    fresh(unseen);
  }

  async function showFresh(event) {
    event.preventDefault();
    const before = new Set([...document.querySelectorAll("[data-queue] [data-row]")].map((row) => row.dataset.id));
    try {
      const page = await again();
      for (const name of ["sub", "tabs", "queue"]) swap(page, name);
    } catch {
      location.reload();
      return;
    }
    fresh(0);
    for (const row of document.querySelectorAll("[data-queue] [data-row]")) {
      if (!before.has(row.dataset.id)) row.classList.add("new-here");
    }
    document.querySelector(".row.new-here a")?.focus();
  }

  let reading = false;
  async function conversation(data) {
    strip(data.mine);
    const panes = document.querySelector("[data-stamp]");
    put(document.querySelector("p[data-here]"), data.here);
    if (!panes || reading || String(data.changed) === panes.dataset.stamp) return;
    if (String(data.revision) === panes.dataset.revision) {
      fresh(1); // taken, closed, handed over: what one may do here has changed
      return;
    }
    reading = true;
    try {
      const page = await again();
      const end = talk.scrollHeight - talk.scrollTop - talk.clientHeight < 40;
      for (const said of page.querySelectorAll("[data-talk] article[id]")) {
        const here = document.getElementById(said.id);
        if (here) {
          if (here.innerHTML !== said.innerHTML) here.replaceChildren(...said.childNodes);
          continue;
        }
        said.classList.add("new-here");
        talk.append(said);
      }
      swap(page, "sub");
      const now = page.querySelector("[data-stamp]");
      panes.dataset.stamp = now.dataset.stamp;
      panes.dataset.revision = now.dataset.revision;
      for (const field of document.querySelectorAll("input[name=revision]")) field.value = now.dataset.revision;
      if (end) talk.scrollTop = talk.scrollHeight;
    } catch {
      fresh(1);
    } finally {
      reading = false;
    }
  }

  if (live) {
    const source = new EventSource(live);
    source.addEventListener("inbox", (event) => inbox(JSON.parse(event.data)));
    source.addEventListener("talk", (event) => conversation(JSON.parse(event.data)));
    source.addEventListener("over", () => {
      source.close();
      fresh(1); // signed out, or given away: the page itself says which
    });
    if (!talk) document.querySelector("[data-fresh-show]")?.addEventListener("click", showFresh);
  }

  if (!composer) return;
  // An answer that is begun is kept while it is written.
  const text = composer.querySelector("textarea");
  const state = composer.querySelector("[data-draft-state]");
  let kept = text.value;
  let timer = 0;
  let sending = false;
  const form = () => {
    const body = new URLSearchParams();
    body.set("csrf", composer.elements.csrf.value);
    body.set("message", text.value);
    return body;
  };
  async function keep() {
    timer = 0;
    const words = text.value;
    if (sending || words === kept) return;
    try {
      const answer = await fetch(composer.dataset.draft, { method: "POST", body: form(), headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      kept = words;
      state.textContent = words.trim() ? state.dataset.saved : "";
    } catch {
      state.textContent = state.dataset.lost;
    }
  }
  // An agreed text goes in where the writer is.
  const texts = composer.querySelector("[data-texts]");
  const insert = () => {
    const body = texts.selectedOptions[0]?.dataset.body;
    if (!body) return;
    text.setRangeText(body, text.selectionStart, text.selectionEnd, "end");
    texts.value = "";
    text.focus();
    text.dispatchEvent(new Event("input"));
  };
  composer.querySelector("[data-insert]")?.addEventListener("click", (event) => {
    event.preventDefault();
    insert();
  });
  texts?.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    insert();
  });
  text.addEventListener("input", () => {
    if (!timer) timer = setTimeout(keep, 1200);
  });
  composer.addEventListener("submit", (event) => {
    if (sending) event.preventDefault(); // a second press is not a second answer
    sending = true;
  });
  addEventListener("pageshow", () => (sending = false));
  addEventListener("pagehide", () => {
    if (!sending && text.value !== kept) navigator.sendBeacon(composer.dataset.draft, form());
  });
})();
