// @ts-check
/**
 * What every page does: menus that close, the key sheet, focus and words after a part was swapped, slow or lost
 * answers. Each behaviour only adds to a page that works without it.
 */

/** Say something to screen readers, politely. @param {string} words */
export function say(words) {
  const live = document.getElementById("live");
  if (live) live.textContent = words;
}

/**
 * Show a line that goes away by itself.
 * @param {string} words
 * @param {{label: string, act: () => void}} [action]
 */
export function toast(words, action) {
  const place = document.getElementById("toasts");
  if (!place) return;
  const line = document.createElement("p");
  line.className = "toast";
  line.append(words);
  if (action) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = action.label;
    button.addEventListener("click", () => {
      line.remove();
      action.act();
    });
    line.append(button);
  }
  place.replaceChildren(line);
  goAway(line);
}

/** @param {Element} line */
function goAway(line) {
  const wait = () => (line.matches(":hover, :focus-within") ? setTimeout(wait, 2000) : line.remove());
  setTimeout(wait, 8000);
}

/* Menus are <details>: a click elsewhere or Esc closes them, and Esc gives focus back to their button. */
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (event.target instanceof Node && !menu.contains(event.target)) menu.removeAttribute("open");
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented) return;
  const open = document.querySelector("details.menu[open]");
  if (!open) return;
  open.removeAttribute("open");
  open.querySelector("summary")?.focus();
  event.preventDefault();
});

/* A link with data-dialog shows its page's main part in the dialog of that id; without JavaScript it is just a link. */
document.addEventListener("click", async (event) => {
  const link = event.target instanceof Element ? event.target.closest("a[data-dialog]") : null;
  if (!(link instanceof HTMLAnchorElement) || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const dialog = document.getElementById(link.dataset.dialog ?? "");
  const content = dialog?.querySelector("#sheet-content");
  if (!(dialog instanceof HTMLDialogElement) || !content) return;
  if (!content.childElementCount) {
    const answer = await fetch(link.href, { headers: { "HX-Request": "true" } });
    if (!answer.ok) return void location.assign(link.href);
    content.innerHTML = await answer.text();
  }
  link.closest("details.menu")?.removeAttribute("open");
  dialog.showModal();
});
document.addEventListener("click", (event) => {
  const target = event.target;
  if (target instanceof HTMLDialogElement) target.close();
  if (target instanceof Element) target.closest("[data-close]")?.closest("dialog")?.close();
});

/* After a swap: the new heading gets focus, unless the person is still where they were (a morph keeps focus). */
document.addEventListener("htmx:after:swap", () => {
  const wanted = document.querySelector("[data-focus-after-swap]");
  if (wanted instanceof HTMLElement && wanted.dataset.focusAfterSwap !== wanted.dataset.focused) {
    wanted.dataset.focused = wanted.dataset.focusAfterSwap;
    wanted.focus({ preventScroll: false });
  }
  for (const line of document.querySelectorAll("#toasts .toast:not([data-seen])")) {
    line.setAttribute("data-seen", "");
    goAway(line);
  }
});

/* While a part waits for its answer it keeps what it shows, and says that it is busy. */
document.addEventListener("htmx:before:request", (event) => {
  targetOf(event)?.setAttribute("aria-busy", "true");
});
document.addEventListener("htmx:finally:request", (event) => {
  targetOf(event)?.removeAttribute("aria-busy");
});

/* The node did not answer: nothing was lost, say so and what to do. */
document.addEventListener("htmx:error", () => {
  const words = document.body.dataset.noAnswer ?? "No answer. What you wrote is still here: try again.";
  toast(words);
  say(words);
});

/** @param {Event} event @returns {Element | null} */
function targetOf(event) {
  const target = /** @type {CustomEvent} */ (event).detail?.ctx?.target;
  return target instanceof Element ? target : null;
}

/* Times are drawn by the server; the zone of the browser only helps the preferences page to offer the right one. */
for (const field of document.querySelectorAll("[data-browser-zone]")) {
  field.textContent = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
}
