// @ts-check
/**
 * Keeps the language switch on the page that is shown, and its scrolling parts within reach.
 *
 * The switch is right as built. Material's instant navigation swaps pages and leaves the header as
 * it was, so the switch has to follow; and the section that is being read is worth keeping, as
 * both languages have the same heading ids.
 */

/** @returns {NodeListOf<HTMLAnchorElement>} */
const links = () => document.querySelectorAll("a.language");

// Where the languages begin, resolved while the address is still that of the page as loaded.
const places = new Map(
  [...links()].map((link) => [
    link.hreflang,
    {
      own: new URL(link.dataset.base ?? ".", location.href).pathname,
      other: new URL(link.dataset.root ?? link.href, location.href),
    },
  ]),
);

/** Points every switch at the counterpart of the page that is shown. */
function follow() {
  for (const link of links()) {
    const place = places.get(link.hreflang);
    if (!place?.own || !location.pathname.startsWith(place.own)) continue;
    const url = new URL(location.pathname.slice(place.own.length), place.other);
    url.search = location.search;
    url.hash = location.hash;
    link.href = url.href;
  }
}

/** A switch is a page load: `<html lang>`, labels and search index change with it. */
document.addEventListener(
  "click",
  (event) => {
    if (event.target instanceof Element && event.target.closest("a.language")) {
      follow();
      event.stopPropagation();
    }
  },
  { capture: true },
);

// A pointer or a focus comes before every way of opening or copying a link.
for (const type of ["pointerover", "focusin"]) {
  document.addEventListener(type, (event) => {
    if (event.target instanceof Element && event.target.closest("a.language")) follow();
  });
}
follow();

const WIDE = "div.arithmatex, .md-typeset__scrollwrap:not(.table-scroll *), article pre > code";

/** Lets the keyboard scroll what is wider than its column, and mends a landmark without a name. */
function reach() {
  for (const wide of document.querySelectorAll(WIDE)) {
    if (wide.scrollWidth > wide.clientWidth) wide.setAttribute("tabindex", "0");
    else wide.removeAttribute("tabindex");
  }
  // Material makes a `nav` for the copy button of each block: that many landmarks of one name.
  for (const nav of document.querySelectorAll("nav.md-code__nav")) nav.setAttribute("role", "none");
}

/** Waits for Material, which after each change takes wide code from keyboards of touch screens. */
const reachLater = () => requestAnimationFrame(() => setTimeout(reach));

for (const type of ["resize", "toggle", "change"]) addEventListener(type, reachLater, { capture: true });
// Material tells of every page that it swaps in; it adds its own buttons before the next frame.
const pages = /** @type {any} */ (window).document$;
if (pages) pages.subscribe(reachLater);
else reach();

/** What only one page needs comes with that page. */
async function extras() {
  if (document.querySelector(".ledger[data-labels]")) (await import("./ledger.js")).start();
  if (document.querySelector(".gallery")) (await import("./gallery.js")).start();
}

/** The script of a widget comes when its reader comes near; where it cannot, its table stays. */
const near = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      near.unobserve(target);
      const kind = target.localName.replace("explainer-", "");
      import(`./widgets/${kind}.js`).catch(() => target.classList.add("ready"));
    }
  },
  { rootMargin: "100%" },
);

function approach() {
  for (const face of document.querySelectorAll(".widget-face:not(.ready)")) near.observe(face);
}

if (pages) pages.subscribe(approach);
else approach();

if (pages) pages.subscribe(extras);
else extras();

/** A published site keeps itself for readers without a network; `make serve` has no such line. */
async function keep() {
  const script = document.querySelector("meta[name=offline]")?.getAttribute("content");
  if (!script || !navigator.serviceWorker) return;
  const address = new URL(script, location.href);
  await navigator.serviceWorker.register(address);
  const { active } = await navigator.serviceWorker.ready;
  const { saveData } = /** @type {any} */ (navigator).connection ?? {};
  if (!saveData) active?.postMessage({ keep: document.documentElement.lang.slice(0, 2) });
}

addEventListener("load", () => setTimeout(keep, 1000));

/** A first visitor whose browser asks for the other language first is told that there is one. */
const tags = navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase());
const wanted = tags.find((tag) => places.has(tag) || document.documentElement.lang.startsWith(tag));
if (wanted && places.has(wanted)) import("./offer.js").then(({ offer }) => offer(wanted));
