// @ts-check
/**
 * <image-pair>: the offered and the protected picture, compared. Thumbs choose, `f` flips both in one frame, `o`
 * hides the outlines of what was recognised, `+` and `-` zoom both, dragging or the arrow keys move both together (hold Shift to move one). Without JavaScript the thumbs
 * are links to the whole picture, and both first pictures stand side by side.
 */

const STEP = 1.5;
const MOST = 8;
const MOVE = 40;

class ImagePair extends HTMLElement {
  #zoom = 1;
  /** @type {Map<HTMLElement, {x: number, y: number}>} */
  #places = new Map();

  connectedCallback() {
    this.addEventListener("click", this.#onClick);
    this.addEventListener("keydown", this.#onKey);
    this.addEventListener("pointerdown", this.#onPointer);
    for (const tool of this.querySelectorAll("[data-tools]")) tool.removeAttribute("hidden");
    // On a phone one side at a time fills the frame; the buttons change sides.
    if (matchMedia("(width < 40rem)").matches) this.#side("offered");
    this.#show();
  }

  disconnectedCallback() {
    this.removeEventListener("click", this.#onClick);
    this.removeEventListener("keydown", this.#onKey);
    this.removeEventListener("pointerdown", this.#onPointer);
  }

  /** @param {MouseEvent} event */
  #onClick = (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const thumb = target?.closest("a[data-thumb]");
    if (thumb instanceof HTMLAnchorElement && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      return choose(thumb);
    }
    const tool = target?.closest("[data-tool]");
    if (tool instanceof HTMLElement) this.#use(tool.dataset.tool ?? "");
  };

  /** @param {string} tool */
  #use(tool) {
    if (tool === "flip") this.#flip();
    if (tool === "outlines") this.#outlines();
    if (tool === "zoom-in") this.#zoomTo(this.#zoom * STEP);
    if (tool === "zoom-out") this.#zoomTo(this.#zoom / STEP);
    if (tool === "fit") this.#zoomTo(1);
    if (tool === "next") this.#step(1);
    if (tool === "previous") this.#step(-1);
    if (tool === "offered" || tool === "protected") this.#side(tool);
  }

  /** In one frame: first the offered, then the protected picture, and back. */
  #flip() {
    const flipped = this.dataset.view === "offered" ? "protected" : "offered";
    this.#side(flipped);
  }

  /** Outlines lie over what a reviewer must see: one key takes them away. */
  #outlines() {
    const hidden = this.toggleAttribute("data-plain");
    this.querySelector("[data-tool=outlines]")?.setAttribute("aria-pressed", String(!hidden));
  }

  /** @param {string} side */
  #side(side) {
    const same = this.dataset.view === side && this.dataset.single !== undefined;
    if (same) {
      delete this.dataset.view;
      delete this.dataset.single;
    } else {
      this.dataset.view = side;
      this.dataset.single = "";
    }
    for (const button of this.querySelectorAll("[data-tool=offered], [data-tool=protected]")) {
      button.setAttribute("aria-pressed", String(button.getAttribute("data-tool") === this.dataset.view));
    }
  }

  /** @param {number} zoom */
  #zoomTo(zoom) {
    this.#zoom = Math.min(MOST, Math.max(1, zoom));
    if (this.#zoom === 1) this.#places.clear();
    this.#show();
  }

  /** Next or previous picture of the offer. @param {number} by */
  #step(by) {
    const thumbs = /** @type {HTMLAnchorElement[]} */ ([...this.querySelectorAll("[data-side=offered] a[data-thumb]")]);
    const now = thumbs.findIndex((thumb) => thumb.hasAttribute("aria-current"));
    const next = thumbs[(now + by + thumbs.length) % thumbs.length];
    if (next) choose(next);
  }

  /** @param {KeyboardEvent} event */
  #onKey = (event) => {
    const frame = event.target instanceof Element ? event.target.closest(".frame") : null;
    const moves = /** @type {Record<string, [number, number]>} */ ({
      ArrowLeft: [MOVE, 0],
      ArrowRight: [-MOVE, 0],
      ArrowUp: [0, MOVE],
      ArrowDown: [0, -MOVE],
    });
    const move = moves[event.key];
    if (!(frame instanceof HTMLElement) || !move || this.#zoom === 1) return;
    event.preventDefault();
    this.#move(frame, move[0], move[1], event.shiftKey);
  };

  /** @param {PointerEvent} event */
  #onPointer = (event) => {
    const frame = event.target instanceof Element ? event.target.closest(".frame") : null;
    if (!(frame instanceof HTMLElement) || this.#zoom === 1 || event.button !== 0) return;
    event.preventDefault();
    frame.setPointerCapture(event.pointerId);
    const follow = (/** @type {PointerEvent} */ moved) =>
      this.#move(frame, moved.movementX, moved.movementY, moved.shiftKey);
    frame.addEventListener("pointermove", follow);
    frame.addEventListener("lostpointercapture", () => frame.removeEventListener("pointermove", follow), { once: true });
  };

  /** @param {HTMLElement} frame @param {number} x @param {number} y @param {boolean} alone */
  #move(frame, x, y, alone) {
    for (const one of alone ? [frame] : this.#frames()) {
      const place = this.#places.get(one) ?? { x: 0, y: 0 };
      const limit = (/** @type {number} */ value, /** @type {number} */ size) => {
        const most = (size * (this.#zoom - 1)) / 2;
        return Math.min(most, Math.max(-most, value));
      };
      this.#places.set(one, { x: limit(place.x + x, one.clientWidth), y: limit(place.y + y, one.clientHeight) });
    }
    this.#show();
  }

  #frames() {
    return /** @type {HTMLElement[]} */ ([...this.querySelectorAll(".frame")]);
  }

  #show() {
    for (const frame of this.#frames()) {
      const place = this.#places.get(frame) ?? { x: 0, y: 0 };
      const moved = this.#zoom === 1 ? "" : `translate(${place.x}px, ${place.y}px) scale(${this.#zoom})`;
      for (const layer of frame.querySelectorAll("img, svg")) {
        if (layer instanceof HTMLElement || layer instanceof SVGElement) layer.style.transform = moved;
      }
      frame.classList.toggle("frame-zoomed", this.#zoom > 1);
    }
    const shown = this.querySelector("[data-zoom]");
    if (shown) shown.textContent = `${Math.round(this.#zoom * 100)} %`;
  }
}

/** Put a thumb's picture into the frame of its side. @param {HTMLAnchorElement} thumb */
function choose(thumb) {
  const side = thumb.closest("[data-side]");
  const image = side?.querySelector(".frame img");
  if (!(image instanceof HTMLImageElement)) return;
  image.src = thumb.href;
  image.alt = thumb.dataset.alt ?? "";
  for (const other of side?.querySelectorAll("a[data-thumb]") ?? []) other.removeAttribute("aria-current");
  thumb.setAttribute("aria-current", "true");
  for (const outlines of side?.querySelectorAll("[data-outlines]") ?? []) {
    outlines.toggleAttribute("hidden", outlines.getAttribute("data-outlines") !== thumb.dataset.thumb);
  }
  const counter = side?.querySelector("[data-counter]");
  if (counter) counter.textContent = thumb.dataset.thumb ?? "";
}

customElements.define("image-pair", ImagePair);
