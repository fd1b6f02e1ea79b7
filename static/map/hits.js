// The small bar on the map that goes through what a search found: "‹ 3 / 12 ›".
(function (rs) {
  "use strict";

  rs.HitBar = class {
    /** root: an empty element. go(position) is asked to show a hit; clear() to end the search. */
    constructor(root, { words, go, clear }) {
      Object.assign(this, { root, go, at: -1, positions: null });
      const button = (text, onclick) => rs.element("button", { type: "button", text, onclick });
      this.said = rs.element("span", { class: "rsm-at", role: "status" });
      this.parts = [
        button("‹", () => this.step(-1)), this.said, button("›", () => this.step(1)), button("✕", clear),
      ];
      this.words = words;
      root.className = "rsm-hits";
    }

    /**
     * Hits as positions, best first; null: nothing is looked for. all: how many were found, drawn or not. The place in
     * the list stays while the list does.
     */
    set(positions, words, all = positions?.length || 0) {
      Object.assign(this, { words, all });
      const same = positions && this.positions && positions.length === this.positions.length
        && positions.every((position, i) => position === this.positions[i]);
      this.positions = positions;
      if (!same) this.at = -1;
      this.root.replaceChildren(...(positions ? (positions.length ? this.parts : [this.said, this.parts[3]]) : []));
      this.#write();
    }

    get current() {
      return this.at < 0 || !this.positions ? -1 : this.positions[this.at];
    }

    step(by) {
      const n = this.positions?.length || 0;
      if (!n) return;
      this.at = this.at < 0 ? (by > 0 ? 0 : n - 1) : (this.at + by + n) % n;
      this.#write();
      this.go(this.current);
    }

    /** Say that a position is shown, where it is one of the hits. */
    mark(position) {
      const place = this.positions ? this.positions.indexOf(position) : -1;
      if (place >= 0) this.at = place;
      this.#write();
    }

    #write() {
      const { previous_hit: previous, next_hit: next, end_search: end } = this.words;
      [previous, null, next, end].forEach((title, i) => {
        if (title) Object.assign(this.parts[i], { title, ariaLabel: title });
      });
      const n = this.positions?.length || 0;
      this.said.textContent = !n ? this.words.no_hits
        : this.at < 0 ? rs.fill(this.words.hits, { n: rs.count(this.all) })
          : rs.fill(this.words.hit_of, { i: rs.count(this.at + 1), n: rs.count(n) });
    }
  };
})((globalThis.reviewscape ??= {}));
