// A secure room with a script: looks every few seconds whether somebody wrote,
// and says so. It changes nothing by itself: who reads decides when.
"use strict";
(() => {
  const room = document.querySelector("[data-room-news]");
  const here = document.querySelector("[data-room-new]");
  if (!room || !here) return;
  const every = 6000;
  const look = async () => {
    if (!document.hidden) {
      try {
        const answer = await fetch("/room/news", { cache: "no-store" });
        if (answer.status === 410) {
          here.textContent = here.dataset.roomOver;
          return;
        }
        if (answer.ok && Number(await answer.text()) > Number(room.dataset.roomNews)) here.textContent = here.dataset.roomNew;
      } catch {
        // no connection for the moment: looked again in a while
      }
    }
    setTimeout(look, every);
  };
  setTimeout(look, every);
})();
