// @ts-check
/**
 * <lease-clock data-until="2026-11-24T14:32:00Z" data-renew="/review/lease/renew/" data-item data-token>: how long an
 * item is held. While the page is visible and used, the hold is renewed every two minutes; two minutes before its end
 * the clock warns (WCAG 2.2.1), and any key or click extends it.
 */

const RENEW_EVERY = 120_000;
const WARN_BEFORE = 120_000;

class LeaseClock extends HTMLElement {
  static observedAttributes = ["data-token"];
  #usedAt = 0;
  #renewedAt = 0;
  #timer = 0;
  #warned = false;

  connectedCallback() {
    this.#usedAt = this.#renewedAt = Date.now();
    for (const kind of ["keydown", "pointerdown", "scroll"]) document.addEventListener(kind, this.#used, { passive: true });
    this.#timer = window.setInterval(() => this.#tick(), 5000);
  }

  disconnectedCallback() {
    for (const kind of ["keydown", "pointerdown", "scroll"]) document.removeEventListener(kind, this.#used);
    window.clearInterval(this.#timer);
  }

  attributeChangedCallback() {
    this.#renewedAt = Date.now();
    this.#warned = false;
    this.removeAttribute("data-late");
  }

  #used = () => {
    this.#usedAt = Date.now();
    if (this.#warned) void this.#renew();
  };

  #tick() {
    const left = Date.parse(this.dataset.until ?? "") - Date.now();
    const used = this.#usedAt > this.#renewedAt;
    if (!document.hidden && used && Date.now() - this.#renewedAt > RENEW_EVERY) return void this.#renew();
    if (left < WARN_BEFORE && !this.#warned) this.#warn();
  }

  #warn() {
    this.#warned = true;
    this.setAttribute("data-late", "");
    const live = document.getElementById("live");
    if (live) live.textContent = this.dataset.warning ?? "";
  }

  async #renew() {
    this.#renewedAt = Date.now();
    const form = new FormData();
    form.set("item", this.dataset.item ?? "");
    form.set("lease", this.dataset.token ?? "");
    form.set("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]")?.getAttribute("value") ?? "");
    const answer = await fetch(this.dataset.renew ?? "", { method: "POST", body: form }).catch(() => null);
    if (!answer) return;
    if (answer.status === 409) return this.#lost();
    const until = answer.headers.get("X-Lease-Until");
    if (!answer.ok || !until) return;
    this.dataset.until = until;
    this.#warned = false;
    this.removeAttribute("data-late");
    const shown = this.querySelector("time");
    if (shown) shown.textContent = answer.headers.get("X-Lease-Clock") ?? shown.textContent;
  }

  #lost() {
    this.setAttribute("data-late", "");
    this.textContent = this.dataset.lost ?? "";
    const live = document.getElementById("live");
    if (live) live.textContent = this.dataset.lost ?? "";
    window.clearInterval(this.#timer);
  }
}

customElements.define("lease-clock", LeaseClock);
