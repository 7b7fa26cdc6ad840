// @ts-check
/**
 * Offers a first visitor the other language, once, where their browser prefers it. It never
 * redirects: the page that was asked for is the page that is shown.
 */

const KEY = "language";
const WORDS = {
  zh: { text: "这一页也有中文。", go: "换成中文", stay: "Stay in English" },
  en: { text: "This page is also in English.", go: "Read in English", stay: "留在中文" },
};

/** Remembers the choice; a browser that keeps nothing is asked again. @param {string} language */
function remember(language) {
  try {
    localStorage.setItem(KEY, language);
  } catch {
    // no storage: nothing to remember it in
  }
}

/** Shows the offer, unless it was shown before. @param {string} wanted the language they prefer */
export function offer(wanted) {
  let known = null;
  try {
    known = localStorage.getItem(KEY);
  } catch {
    return;
  }
  const here = document.documentElement.lang.slice(0, 2);
  const link = document.querySelector("a.language");
  if (known || !(link instanceof HTMLAnchorElement)) return;
  const words = WORDS[/** @type {"zh" | "en"} */ (wanted)];
  const bar = document.createElement("aside");
  bar.className = "language-offer";
  bar.lang = wanted;
  bar.setAttribute("aria-label", words.text);
  const text = document.createElement("p");
  text.textContent = words.text;
  const go = document.createElement("a");
  go.className = "language";
  go.href = link.href;
  go.hreflang = wanted;
  go.textContent = words.go;
  const stay = document.createElement("button");
  stay.type = "button";
  stay.lang = here;
  stay.textContent = words.stay;
  stay.addEventListener("click", () => {
    remember(here);
    bar.remove();
  });
  bar.append(text, go, stay);
  go.addEventListener("click", () => remember(wanted));
  document.querySelector("main")?.before(bar);
  remember(here); // it was offered
}
