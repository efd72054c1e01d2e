// Quick exit: the button, or Escape twice within a second. The page is
// replaced, so "back" does not return to it.
"use strict";
(() => {
  const exit = document.getElementById("quick-exit");
  if (!exit) return;
  const leave = () => {
    document.documentElement.hidden = true;
    location.replace(exit.href);
  };
  exit.addEventListener("click", (event) => {
    event.preventDefault();
    leave();
  });
  let last = 0;
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const now = performance.now();
    if (now - last < 1000) leave();
    last = now;
  });
  // A page with something to put right begins at the list of what to put right.
  document.querySelector(".problems")?.focus();
})();
