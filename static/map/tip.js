// The small box that follows the pointer: a review's beginning and its category, as text only.
(function (rs) {
  "use strict";

  const BELOW_PX = 18;
  const ABOVE_PX = 12;
  const RIGHT_PX = 14;
  const EDGE_PX = 4;

  // A review's category (by its colour byte) and its beginning; empty where neither is known.
  function fill(tip, look, colourByte, text, words) {
    const { kind, labels, column } = look.colour;
    const label = kind === "categorical" ? labels[colourByte] : undefined;
    const shown = label && rs.categoryName(column, label, words);
    tip.replaceChildren(...[
      shown && rs.element("span", { class: "rsm-tip-head", text: shown, dir: "auto" }),
      text && rs.element("span", { class: "rsm-tip-text", text, dir: "auto" }),
    ].filter(Boolean));
  }

  // Beside the pointer, inside the frame.
  function place(tip, frame, pointer) {
    tip.classList.add("rsm-shown");
    const box = frame.getBoundingClientRect();
    const [x, y] = [pointer.clientX - box.left, pointer.clientY - box.top];
    const mostLeft = Math.max(box.width - tip.offsetWidth - EDGE_PX, EDGE_PX);
    const isRoomBelow = y + BELOW_PX + tip.offsetHeight < box.height;
    tip.style.left = `${Math.min(Math.max(x + RIGHT_PX, EDGE_PX), mostLeft)}px`;
    tip.style.top = `${isRoomBelow ? y + BELOW_PX : Math.max(y - tip.offsetHeight - ABOVE_PX, EDGE_PX)}px`;
  }

  rs.Tip = class {
    constructor() {
      this.root = rs.element("div", { class: "rsm-tip", "aria-hidden": "true" });
      this.position = -1;
    }

    /** Show what is known of a position beside a pointer {clientX, clientY}. */
    show(position, pointer, frame, { look, text, words }) {
      fill(this.root, look, look.index[position], text, words);
      if (!this.root.childNodes.length || !pointer) return this.hide();
      this.position = position;
      return place(this.root, frame, pointer);
    }

    hide() {
      this.position = -1;
      this.root.classList.remove("rsm-shown");
    }
  };
})((globalThis.reviewscape ??= {}));
