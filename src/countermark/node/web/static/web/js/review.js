// @ts-check
/**
 * The review screen: the verdict pickers, the note that is never lost, the address of the item, how long it was looked
 * at, and the pictures of the next items fetched ahead.
 */

/** @type {number} milliseconds the present item was visible */
let looked = 0;
let since = Date.now();
let item = "";

document.addEventListener("visibilitychange", () => {
  if (document.hidden) looked += Date.now() - since;
  since = Date.now();
});

/** Seconds the present item was in front of the person. */
function seconds() {
  return Math.round((looked + (document.hidden ? 0 : Date.now() - since)) / 1000);
}

/** What is due when another item came in: its address, its clock, its note, pictures ahead. */
function arrived() {
  const section = document.getElementById("item");
  const id = section?.dataset.item ?? "";
  if (!section || id === item) return;
  item = id;
  looked = 0;
  since = Date.now();
  const address = section.dataset.address;
  if (address) history.replaceState(history.state, "", address);
  restoreNote();
  markInRail(id);
  for (const link of document.querySelectorAll("[data-ahead]")) new Image().src = link.getAttribute("data-ahead") ?? "";
}

/** Mark the item in the queue, and give `k` the one before it. @param {string} id */
function markInRail(id) {
  const links = [...document.querySelectorAll(".rail a[data-item]")];
  const now = links.findIndex((link) => link.getAttribute("data-item") === id);
  for (const [place, link] of links.entries()) {
    const here = place === now;
    if (here) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
    if (place === now - 1) link.setAttribute("data-action", "previous");
    else link.removeAttribute("data-action");
    const rail = link.closest(".rail");
    if (here && rail && rail.scrollHeight > rail.clientHeight) bringInto(rail, link);
  }
}

/** Scroll the rail alone, never the page. @param {Element} rail @param {Element} link */
function bringInto(rail, link) {
  const seen = rail.getBoundingClientRect();
  const place = link.getBoundingClientRect();
  if (place.top < seen.top) rail.scrollTop -= seen.top - place.top;
  if (place.bottom > seen.bottom) rail.scrollTop += place.bottom - seen.bottom;
}

/* Verdicts are <details>; opening one closes the others and puts focus on the suggested reason. */
document.addEventListener(
  "toggle",
  (event) => {
    const verdict = event.target;
    if (!(verdict instanceof HTMLDetailsElement) || !verdict.matches(".verdict") || !verdict.open) return;
    for (const other of document.querySelectorAll("details.verdict[open]")) {
      if (other !== verdict) other.removeAttribute("open");
    }
    // The browser tells this a moment later: whoever is already in the note by then stays there.
    if (document.activeElement instanceof HTMLTextAreaElement) return;
    const radio = verdict.querySelector("input[type=radio]:checked") ?? verdict.querySelector("input[type=radio]");
    if (radio instanceof HTMLElement) radio.focus();
  },
  true,
);
document.addEventListener("keydown", (event) => {
  const open = document.querySelector("details.verdict[open]");
  if (event.key !== "Escape" || !open) return;
  open.removeAttribute("open");
  open.querySelector("summary")?.focus();
  event.preventDefault();
});
document.addEventListener("click", (event) => {
  const open = document.querySelector("details.verdict[open]");
  const target = event.target;
  if (open && target instanceof Element && !target.closest(".decision")) open.removeAttribute("open");
});

/* Before a verdict leaves: how long it took; and a note where one is needed is asked for here, not by the server. */
document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || form.id !== "decide") return;
    const field = form.elements.namedItem("seconds");
    if (field instanceof HTMLInputElement) field.value = String(seconds());
    const note = form.elements.namedItem("note");
    const button = /** @type {SubmitEvent} */ (event).submitter;
    // Enter in a field presses the first button, which says nothing: it means the verdict that is open, or none.
    if (button instanceof HTMLButtonElement && !button.value) {
      event.preventDefault();
      event.stopImmediatePropagation();
      const confirm = form.querySelector("details[open] [data-action=confirm]");
      // A form does not take a second submission while it handles the first.
      if (confirm instanceof HTMLButtonElement) setTimeout(() => form.requestSubmit(confirm));
      return;
    }
    const picker = button?.closest(".picker");
    const chosen = picker?.querySelector("input[type=radio]:checked");
    const needed = picker?.hasAttribute("data-note-needed") || chosen?.hasAttribute("data-note-needed");
    if (!(note instanceof HTMLTextAreaElement) || !needed || note.value.trim()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    note.setAttribute("aria-invalid", "true");
    note.focus();
    const live = document.getElementById("live");
    if (live) live.textContent = note.dataset.needed ?? "";
    document.getElementById("note-needed")?.removeAttribute("hidden");
  },
  true,
);

/* A note stays with its item in this tab until it is saved with a decision, whatever happens on the way. */
document.addEventListener("input", (event) => {
  const note = event.target;
  if (!(note instanceof HTMLTextAreaElement) || note.name !== "note" || !item) return;
  if (note.value) sessionStorage.setItem(`note:${item}`, note.value);
  else sessionStorage.removeItem(`note:${item}`);
});

function restoreNote() {
  const note = document.querySelector("#decide textarea[name=note]");
  if (note instanceof HTMLTextAreaElement && !note.value) note.value = sessionStorage.getItem(`note:${item}`) ?? "";
}

document.addEventListener("htmx:after:request", (event) => {
  const context = /** @type {CustomEvent} */ (event).detail?.ctx;
  if (context?.sourceElement?.id === "decide" && context.response?.status === 200) sessionStorage.removeItem(`note:${item}`);
});
document.addEventListener("htmx:after:swap", arrived);
arrived();
