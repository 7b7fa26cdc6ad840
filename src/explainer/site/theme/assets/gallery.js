// @ts-check
/** The gallery: a button that copies a script. Without this file its links remain. */

/**
 * @param {HTMLElement} line
 * @param {DOMStringMap} words
 */
function button(line, words) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = words.copy ?? "";
  const said = document.createElement("span");
  said.setAttribute("role", "status");
  made.addEventListener("click", async () => {
    try {
      const answer = await fetch(line.dataset.script ?? "");
      if (!answer.ok) throw new Error(String(answer.status));
      await navigator.clipboard.writeText(await answer.text());
      said.textContent = words.copied ?? "";
    } catch {
      said.textContent = words.failed ?? "";
    }
  });
  line.append(" · ", made, " ", said);
}

/** Gives every snippet of the page its button, once. */
export function start() {
  /** @type {NodeListOf<HTMLElement>} */
  const galleries = document.querySelectorAll("div.gallery");
  for (const gallery of galleries) {
    /** @type {NodeListOf<HTMLElement>} */
    const lines = gallery.querySelectorAll("p.take");
    for (const line of lines) if (!line.querySelector("button")) button(line, gallery.dataset);
  }
}
