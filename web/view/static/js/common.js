// What both doors share: copying a code, printing, and showing the controls
// that only make sense with a script. Everything works without this file.
"use strict";
for (const el of document.querySelectorAll(".js-only")) el.hidden = false;

document.addEventListener("click", async (event) => {
  const copy = event.target.closest("[data-copy]");
  if (copy) {
    const source = document.getElementById(copy.dataset.copy);
    try {
      await navigator.clipboard.writeText(source.textContent.trim());
    } catch {
      getSelection().selectAllChildren(source); // refused: the reader can copy by hand
      return;
    }
    const word = copy.querySelector("span");
    word.textContent = copy.dataset.copied;
    word.setAttribute("role", "status");
  }
  if (event.target.closest("[data-print]")) print();
});
