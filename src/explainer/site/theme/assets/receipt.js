// @ts-check
/**
 * Shows the receipt of a number: on hover, on keyboard focus, on tap.
 *
 * One card serves the page. A hover or a focus only shows it; a click, a tap, Enter or Space pins
 * it until Escape or a click elsewhere. Everything is delegated from the document, as instant
 * navigation swaps the content below it.
 */
const OPEN_MILLISECONDS = 120;
const CLOSE_MILLISECONDS = 240;
const GAP = 8;

/** @type {HTMLElement | undefined} */
let open;
let pinned = false;
let returning = false;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

const card = document.createElement("div");
card.className = "receipt";
card.id = "receipt";
card.hidden = true;
card.tabIndex = -1;
card.setAttribute("role", "dialog");

/**
 * @param {EventTarget | null} target
 * @returns {HTMLElement | null}
 */
const numberAt = (target) => (target instanceof Element ? target.closest("data.n") : null);

/** @param {EventTarget | null} target */
const inCard = (target) => target instanceof Node && card.contains(target);

/** Puts the card below its number, above it where there is no room, never over the page's edge. */
function place() {
  if (!open) return;
  const number = open.getClientRects()[0] ?? open.getBoundingClientRect();
  const origin = card.offsetParent?.getBoundingClientRect() ?? { left: 0, top: 0 };
  const right = document.documentElement.clientWidth - card.offsetWidth - GAP;
  const left = Math.max(GAP, Math.min(number.left + number.width / 2 - card.offsetWidth / 2, right));
  const above = number.top - card.offsetHeight - GAP;
  const header = document.querySelector(".md-header")?.getBoundingClientRect().bottom ?? 0;
  const fitsBelow = number.bottom + GAP + card.offsetHeight <= innerHeight;
  const top = fitsBelow || above < header ? number.bottom + GAP : above;
  card.style.left = `${left - origin.left}px`;
  card.style.top = `${top - origin.top}px`;
}

/**
 * What is written on a receipt; it comes with the first one that is asked for.
 *
 * @type {typeof import("./receipt-card.js") | undefined}
 */
let writing;

/** @param {HTMLElement} number */
async function show(number) {
  clearTimeout(timer);
  if (open === number) return;
  hide();
  open = number;
  writing ??= await import("./receipt-card.js");
  if (open !== number) return;
  card.replaceChildren(writing.paper(number));
  card.setAttribute("aria-label", writing.cardName());
  document.body.append(card);
  card.hidden = false;
  card.scrollTop = 0;
  place();
  number.setAttribute("aria-expanded", "true");
}

function hide() {
  clearTimeout(timer);
  open?.setAttribute("aria-expanded", "false");
  open = undefined;
  pinned = false;
  card.hidden = true;
}

/** Closes for good and, where the keyboard was in the card, goes back to the number. */
function dismiss() {
  const number = open;
  const back = inCard(document.activeElement);
  hide();
  if (!back) return;
  returning = true; // this focus must not show again what it closes
  number?.focus({ preventScroll: true });
  returning = false;
}

/** @param {HTMLElement} number */
async function toggle(number) {
  if (open === number && pinned) return dismiss();
  const shown = show(number);
  pinned = true;
  await shown;
}

/** @type {{block: string, line: number} | undefined} */
let marked;

/** Marks the very line that the last receipt led to, as long as the page stands at its block. */
function markLine() {
  for (const line of document.querySelectorAll(".receipt-line")) line.classList.remove("receipt-line");
  if (!marked) return;
  const code = document.getElementById(marked.block)?.querySelector(".highlight code");
  code?.querySelectorAll(":scope > [id^='__span']")[marked.line]?.classList.add("receipt-line");
}

/**
 * Shows a receipt that a page wants to be seen at once.
 *
 * @param {HTMLElement} number
 * @param {Element} home
 */
async function keep(number, home) {
  writing ??= await import("./receipt-card.js");
  if (home.querySelector(".receipt")) return;
  const still = document.createElement("div");
  still.className = "receipt receipt-still";
  still.setAttribute("role", "group");
  still.setAttribute("aria-label", writing.cardName());
  still.append(writing.paper(number));
  home.append(still);
}

/** Makes the page's numbers reachable, and opens the receipt that a page wants to show at once. */
function prepare() {
  hide();
  // The first step of instant navigation fetches the page anew, even for a place on it.
  if (marked && location.hash === `#${marked.block}`) markLine();
  for (const number of document.querySelectorAll("data.n:not([role])")) {
    // A control inside a control could not be reached; there, hovering still works.
    if (number.closest("a, button, summary, label")) continue;
    number.setAttribute("role", "button");
    number.setAttribute("tabindex", "0");
    number.setAttribute("aria-haspopup", "dialog");
    number.setAttribute("aria-expanded", "false");
  }
  const first = document.querySelector("data.n[data-open], [data-open] data.n");
  const home = first?.closest("[data-open]:not(data)") ?? first?.parentElement;
  if (first instanceof HTMLElement && home) void keep(first, home);
}

document.addEventListener("pointerover", (event) => {
  if (event.pointerType === "touch" || pinned) return;
  const number = numberAt(event.target);
  clearTimeout(timer);
  if (number && number !== open) timer = setTimeout(show, OPEN_MILLISECONDS, number);
  else if (!number && !inCard(event.target) && open) timer = setTimeout(hide, CLOSE_MILLISECONDS);
});

document.addEventListener("click", (event) => {
  const number = numberAt(event.target);
  const link = event.target instanceof Element && inCard(event.target) ? event.target.closest("a") : null;
  if (number && !number.closest("a, button, summary, label")) void toggle(number);
  else if (link?.dataset.block) {
    marked = { block: link.dataset.block, line: Number(link.dataset.line) };
    markLine();
    hide();
  } else if (!inCard(event.target)) hide();
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && open) {
    event.stopPropagation();
    dismiss();
  } else if ((event.key === "Enter" || event.key === " ") && numberAt(event.target)?.hasAttribute("tabindex")) {
    event.preventDefault();
    void toggle(/** @type {HTMLElement} */ (numberAt(event.target))).then(() => {
      if (open) card.focus({ preventScroll: true });
    });
  } else if (event.key === "Tab" && inCard(event.target)) {
    // The card stands at the end of the document; leaving it goes on from the number.
    const links = [...card.querySelectorAll("a")];
    const edge = event.shiftKey ? [links[0], card] : [links.at(-1) ?? card];
    if (edge.some((one) => one === event.target)) {
      if (event.shiftKey) event.preventDefault();
      dismiss();
    }
  }
});

document.addEventListener("focusin", (event) => {
  const number = numberAt(event.target);
  if (returning) return;
  if (number?.matches(":focus-visible") && open !== number) void show(number);
  else if (open && !number && !inCard(event.target)) hide();
});

addEventListener("resize", place);
// A table scrolls under its card; the page itself takes the card along.
addEventListener("scroll", (event) => event.target !== document && place(), { capture: true, passive: true });

// Material tells of every page that it swaps in, the first included.
const pages = /** @type {any} */ (window).document$;
if (pages) pages.subscribe(prepare);
else prepare();
export {};
