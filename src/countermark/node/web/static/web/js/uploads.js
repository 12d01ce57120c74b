// @ts-check
/**
 * Files that are too large are refused before they are sent: a node ends the connection above its limit, and a browser
 * then has nothing to show. `<form data-largest="2147483648" data-too-large="…">` counts all files of the form.
 */

document.addEventListener("change", (event) => {
  const field = event.target;
  if (!(field instanceof HTMLInputElement) || field.type !== "file" || !field.form?.dataset.largest) return;
  const fields = [...field.form.querySelectorAll("input[type=file]")];
  const size = fields.reduce((sum, one) => sum + sizeOf(/** @type {HTMLInputElement} */ (one)), 0);
  const words = size > Number(field.form.dataset.largest) ? (field.form.dataset.tooLarge ?? "") : "";
  field.setCustomValidity(words);
  show(field, words);
});

/* The server has the last word on every other field, so forms are not checked by the browser; this one thing is. */
document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.dataset.largest) return;
    const refused = [...form.querySelectorAll("input[type=file]")].find((one) => !(/** @type {HTMLInputElement} */ (one).validity.valid));
    if (!(refused instanceof HTMLInputElement) || !refused.validity.customError) return;
    event.preventDefault();
    refused.focus();
  },
  true,
);

/** @param {HTMLInputElement} field */
function sizeOf(field) {
  return [...(field.files ?? [])].reduce((sum, file) => sum + file.size, 0);
}

/** @param {HTMLInputElement} field @param {string} words */
function show(field, words) {
  const place = field.closest(".field");
  place?.querySelector(".field-problem")?.remove();
  if (!words || !place) return;
  const line = document.createElement("p");
  line.className = "field-problem";
  line.setAttribute("role", "alert");
  line.textContent = words;
  place.append(line);
}
