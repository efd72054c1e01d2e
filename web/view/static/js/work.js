// The workbench by keyboard, and a quiet word when something new has come.
// Nothing moves by itself.
"use strict";
(() => {
  const rows = [...document.querySelectorAll("[data-queue] [data-row]")];
  const help = document.querySelector("dialog.help");
  const doors = { i: "/inbox", a: "/alerts", c: "/cases", m: "/mandates", l: "/lexicon", t: "/" };
  let at = -1;
  let going = 0; // when "g" was pressed

  const link = (row) => row.querySelector("a[href]");

  function move(step) {
    if (!rows.length) return;
    rows[at]?.classList.remove("at");
    at = Math.min(Math.max(at + step, 0), rows.length - 1);
    rows[at].classList.add("at");
    rows[at].scrollIntoView({ block: "nearest" });
    link(rows[at])?.focus({ preventScroll: true });
  }

  // Opens what a key stands for on this page: a button, a folded form, a field.
  function reach(key) {
    const el = document.querySelector(`[data-key="${key}"]`);
    if (el) {
      const fold = el.closest("details");
      if (fold) fold.open = true;
      (fold?.querySelector("input:not([type=hidden]), textarea, select") ?? el).focus();
      return true;
    }
    if (key === "r") {
      const field = document.querySelector("#reply textarea");
      field?.focus();
      return Boolean(field);
    }
    return false;
  }

  function press(key) {
    if (going && performance.now() - going < 1500 && doors[key]) {
      location.href = doors[key];
      return true;
    }
    going = 0;
    switch (key) {
      case "j": move(1); return rows.length > 0;
      case "k": move(-1); return rows.length > 0;
      case "g": going = performance.now(); return true;
      case "/": document.getElementById("find")?.focus(); return true;
      case "?": help?.showModal(); return true;
    }
    if (!"aren".includes(key)) return false;
    if (reach(key)) return true;
    const open = rows[at] && link(rows[at]);
    if (!open) return false;
    location.href = open.href + "#key-" + key;
    return true;
  }

  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || help?.open) return;
    if (event.target.closest("input, textarea, select")) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    if (press(event.key)) event.preventDefault();
  });

  const asked = location.hash.match(/^#key-([aren])$/);
  if (asked) reach(asked[1]);

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-help]")) help?.showModal();
  });
  for (const el of document.querySelectorAll("[data-help]")) el.hidden = false;
  document.querySelector(".problems")?.focus();

  const live = document.body.dataset.live;
  if (live) {
    new EventSource(live).addEventListener("change", () => {
      document.querySelector("[data-fresh]").hidden = false;
    });
  }
})();
