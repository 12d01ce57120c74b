// @ts-check
/**
 * <form-lines>: rows of a list in a form. The server draws two empty rows; the button adds more without a round trip.
 */

class FormLines extends HTMLElement {
  connectedCallback() {
    const button = this.querySelector("[data-add-line]");
    if (!(button instanceof HTMLButtonElement)) return;
    button.hidden = false;
    button.addEventListener("click", () => this.#add(button));
  }

  /** @param {HTMLButtonElement} button */
  #add(button) {
    const lines = this.querySelectorAll(".form-line");
    const last = lines[lines.length - 1];
    if (!last) return;
    const line = /** @type {HTMLElement} */ (last.cloneNode(true));
    const number = String(lines.length + 1);
    for (const problem of line.querySelectorAll(".field-problem")) problem.remove();
    for (const field of line.querySelectorAll("input")) {
      field.value = "";
      field.id = field.id.replace(/\d+$/, number);
    }
    for (const label of line.querySelectorAll("label")) {
      label.htmlFor = label.htmlFor.replace(/\d+$/, number);
      const shown = label.querySelector("span");
      if (shown) shown.textContent = number;
    }
    button.before(line);
    line.querySelector("input")?.focus();
  }
}

customElements.define("form-lines", FormLines);
