// @ts-check
/**
 * <key-map data-keys='{"i": "infringing", …}' data-mode="on|focus|off">: single keys press controls of the page.
 *
 * A key never does anything by itself: it presses the control that carries the action's name in `data-action`, so
 * everything a key can do can be done, and is printed, on the page. WCAG 2.1.4: keys can be switched off, remapped, or
 * kept to the moments when the evidence has focus (`data-mode="focus"`, region `[data-key-region]`).
 */

/** Keys that never change: by position for digits (AZERTY needs Shift for them), by name for the rest. */
const FIXED = new Map([
  ["ArrowDown", "next"],
  ["ArrowUp", "previous"],
  ["Enter", "confirm"],
]);
/** The second key of a sequence (`g r`) must follow within this many milliseconds. */
const SEQUENCE = 1500;

class KeyMap extends HTMLElement {
  /** @type {Map<string, string>} */
  #actions = new Map();
  #first = "";
  #firstAt = 0;

  connectedCallback() {
    const keys = /** @type {Record<string, string>} */ (JSON.parse(this.dataset.keys ?? "{}"));
    this.#actions = new Map(Object.entries(keys));
    document.addEventListener("keydown", this.#onKey);
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.#onKey);
  }

  /** @param {KeyboardEvent} event */
  #onKey = (event) => {
    if (this.#sends(event)) return;
    if (event.defaultPrevented || isHeld(event) || isWriting(event)) return;
    if (document.querySelector("dialog[open]")) return;
    const action = this.#actionOf(event);
    // A key that is held down must not run through the queue; zooming may go on.
    if (event.repeat && !action.startsWith("zoom")) return;
    if (action && press(action, event)) event.preventDefault();
  };

  /** Ctrl+Enter or Cmd+Enter sends the form one is writing in. @param {KeyboardEvent} event */
  #sends(event) {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return false;
    const field = event.target instanceof Element ? event.target.closest("form") : null;
    if (!field) return false;
    const button = field.querySelector("details[open] [data-action=confirm]") ?? field.querySelector("[type=submit]:enabled:not([tabindex='-1'])");
    if (button instanceof HTMLButtonElement) field.requestSubmit(button);
    event.preventDefault();
    return true;
  }

  /** @param {KeyboardEvent} event @returns {string} */
  #actionOf(event) {
    const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code);
    if (digit) return this.#isOn() ? `reason-${digit[1]}` : "";
    const fixed = FIXED.get(event.key);
    if (fixed) return this.#isOn() ? fixed : "";
    if (event.key.length !== 1 || !this.#isOn()) return "";
    const key = event.key.toLowerCase();
    const recent = this.#first && event.timeStamp - this.#firstAt < SEQUENCE;
    const sequence = recent ? this.#actions.get(`${this.#first} ${key}`) : undefined;
    this.#first = key;
    this.#firstAt = event.timeStamp;
    return sequence ?? this.#actions.get(key) ?? "";
  }

  #isOn() {
    if (this.dataset.mode === "off") return false;
    return this.dataset.mode !== "focus" || document.activeElement?.closest("[data-key-region]") != null;
  }
}

/** A modifier is held. AltGr is how some keyboards write [ and ]. @param {KeyboardEvent} event */
function isHeld(event) {
  if (event.getModifierState("AltGraph")) return false;
  return event.ctrlKey || event.metaKey || event.altKey;
}

/** Someone is typing text, or an input method is composing. @param {KeyboardEvent} event */
function isWriting(event) {
  if (event.isComposing || event.key === "Process" || event.keyCode === 229) return true;
  const target = event.target;
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !["radio", "checkbox", "button", "submit"].includes(target.type);
  return target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

/**
 * Press the control of an action; says whether there was one.
 * @param {string} action
 * @param {KeyboardEvent} event
 */
function press(action, event) {
  // Enter and the arrows belong to the control that has focus, except where a verdict is being chosen.
  const inPicker = document.activeElement?.closest("details[open] .picker") != null;
  if (event.key === "Enter" && !inPicker && !isNowhere(document.activeElement)) return false;
  if (event.key.startsWith("Arrow") && !isNowhere(document.activeElement)) return false;
  const control = reachable(action);
  if (!control) return false;
  if (control instanceof HTMLInputElement || control instanceof HTMLTextAreaElement) {
    control.focus();
    if (control.type === "radio") control.click();
  } else {
    control.click();
  }
  return true;
}

/** Focus is on no control. @param {Element | null} element */
function isNowhere(element) {
  return !element || element === document.body || element.getAttribute("tabindex") === "-1";
}

/** @param {string} action @returns {HTMLElement | null} */
function reachable(action) {
  for (const found of document.querySelectorAll(`[data-action="${CSS.escape(action)}"]`)) {
    const inClosed = found.closest("details:not([open])");
    const isSummary = inClosed && found.parentElement === inClosed;
    const isLink = found instanceof HTMLAnchorElement;
    if (found instanceof HTMLElement && (!inClosed || isSummary || isLink) && !found.matches(":disabled")) return found;
  }
  return null;
}

customElements.define("key-map", KeyMap);
