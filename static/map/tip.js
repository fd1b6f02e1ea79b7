// The small box that follows the pointer: a review's beginning and its category, as text only.
(function (rs) {
  "use strict";

  const BELOW_PX = 18;
  const ABOVE_PX = 12;
  const RIGHT_PX = 14;
  const EDGE_PX = 4;
  const AROUND = 24;

  // A review's category (by its colour byte) and its beginning; empty where neither is known.
  function fill(tip, look, colourByte, text, words) {
    const { kind, labels, column } = look.colour;
    const label = kind === "categorical" ? labels[colourByte] : undefined;
    const shown = label && rs.categoryName(column, label, words);
    tip.replaceChildren(...[
      shown && rs.element("span", { class: "rsm-tip-head", text: shown, dir: "auto" }), shown && text && " ",
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
    /** view: a MapView; its frame, look, points, words and texts are read. */
    constructor(view) {
      this.view = view;
      this.root = rs.element("div", { class: "rsm-tip", "aria-hidden": "true" });
      this.said = rs.element("p", { class: "rsm-about", role: "status" });
      this.shown = null;
    }

    /**
     * Show what is known of a position beside a pointer {clientX, clientY}; its text follows when it has been fetched.
     * aloud: for a screen reader too, where somebody came here by keys.
     */
    show(position, pointer, aloud = false) {
      const { look, points, texts } = this.view;
      const at = rs.atOf(points, position);
      const around = () => rs.nearest(points, look, position, AROUND).map((one) => rs.atOf(points, one));
      // Other points may be drawn when the text comes.
      this.#put({ at, byte: look.index[position], pointer, aloud, isComing: texts?.want && texts.get(at) === undefined });
      if (this.shown?.isComing) texts.want(at, around, () => this.shown?.at === at && this.#put({ ...this.shown, isComing: false }));
    }

    #put(shown) {
      const { look, texts, words, frame } = this.view;
      fill(this.root, look, shown.byte, shown.isComing ? "…" : texts?.get(shown.at), words);
      if (!this.root.childNodes.length || !shown.pointer) return this.hide();
      this.shown = shown;
      place(this.root, frame, shown.pointer);
      if (shown.aloud && !shown.isComing) this.said.textContent = this.root.textContent;
      return undefined;
    }

    /** In the middle of the map. */
    showInMiddle(position) {
      const box = this.view.frame.getBoundingClientRect();
      this.show(position, { clientX: box.left + box.width / 2, clientY: box.top + box.height / 2 }, true);
    }

    hide() {
      this.shown = null;
      this.root.classList.remove("rsm-shown");
    }
  };
})((globalThis.reviewscape ??= {}));
