// What the two stories have in common: the words that are written, and where
// the pages put what the writer needs.

// Each story writes words of its own: the same text twice within ten minutes is
// one line of the inbox.
export const questions = {
  360: "Bonjour, un compte me propose de transporter un paquet ce soir contre de l'argent. Que dois-je faire ?",
  1440: "On me demande d'ouvrir un compte en banque pour quelqu'un que je ne connais pas. Est-ce normal ?",
  keyboard: "Un inconnu m'a envoyé un lien pour vérifier mon compte. Comment savoir si c'est bien vous ?",
};
export const addition = "Il vient d'écrire encore : il connaît mon école.";
export const answer = "Ne répondez plus et gardez les messages. Nous restons joignables avec votre code.";

const leastLetters = 16; // of 5 bits: at least 80 bits

/** The return code on a receipt. */
export async function returnCode(page) {
  const shown = page.locator("#return-code");
  if (!(await shown.count())) throw new Error(`${page.url()} shows no return code:\n${await page.innerText("main")}`);
  const code = (await shown.innerText()).trim();
  if (code.replaceAll("-", "").length < leastLetters) throw new Error(`the return code ${code.length} letters long is too short`);
  return code;
}

/** Fails unless the page says every one of the texts. */
export async function says(page, ...texts) {
  const plain = (s) => s.replace(/[\s\u00a0\u202f]+/g, " ").replace(/[’']/g, "'");
  const shown = plain(await page.innerText("body"));
  for (const text of texts) {
    if (!shown.includes(plain(text))) throw new Error(`${page.url()} does not say ${JSON.stringify(text)}:\n${shown.slice(0, 2000)}`);
  }
}
