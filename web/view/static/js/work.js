// The workbench by keyboard. Nothing moves by itself.
"use strict";
(() => {
  const help = document.querySelector("dialog.help");
  const doors = { i: "/inbox", a: "/alerts", c: "/cases", m: "/mandates", l: "/lexicon", t: "/" };
  let going = 0; // when "g" was pressed

  const rows = () => [...document.querySelectorAll("[data-queue] [data-row]")];
  const link = (row) => row.querySelector("a[href], summary");

  function move(step) {
    const all = rows();
    if (!all.length) return;
    const was = all.findIndex((row) => row.classList.contains("at"));
    all[was]?.classList.remove("at");
    const at = all[Math.min(Math.max(was + step, 0), all.length - 1)];
    at.classList.add("at");
    at.scrollIntoView({ block: "nearest" });
    link(at)?.focus({ preventScroll: true });
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
      case "j": move(1); return rows().length > 0;
      case "k": move(-1); return rows().length > 0;
      case "g": going = performance.now(); return true;
      case "/": document.getElementById("find")?.focus(); return true;
      case "?": help?.showModal(); return true;
      case ".": document.querySelector("[data-fresh]:not([hidden]) a")?.click(); return true;
    }
    if (key >= "1" && key <= "9") {
      const chip = document.querySelectorAll("[data-strip] [data-chip]")[key - 1];
      chip?.click();
      return Boolean(chip);
    }
    if (!"arent".includes(key)) return false;
    if (reach(key)) return true;
    const at = document.querySelector("[data-row].at");
    const open = at && link(at);
    if (!open?.href || key === "t") return false;
    location.href = open.href + "#key-" + key;
    return true;
  }

  addEventListener("keydown", (event) => {
    const field = event.target.closest("input, textarea, select");
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && field?.form?.matches(".composer")) {
      event.preventDefault();
      field.form.requestSubmit();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || help?.open) return;
    if (field) {
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
})();
