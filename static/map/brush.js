// A bar below the map that shows one period after the other: play, a slider, and a way to keep only that time.
(function (rs) {
  "use strict";

  const STEP_MS = 700;
  const ALL = -1;

  rs.Brush = class {
    /**
     * root: an empty element. periods: [[first day, last day], …]. of: the period of each point, 255 for none.
     * show(active) gets the points' flags, or null for all times; may return a promise. keep(period) is asked to leave
     * only that period's reviews.
     */
    constructor(root, { words, periods, of, show, keep }) {
      Object.assign(this, { root, words, periods, of, show, keep, at: ALL, playing: false });
      this.play = rs.element("button", { type: "button", class: "rsm-play", onclick: () => (this.playing ? this.stop() : this.start()) });
      this.slider = rs.element("input", {
        type: "range", min: "0", max: String(periods.length - 1), step: "1", value: "0", "aria-label": words.time,
        oninput: () => { this.stop(); this.#go(Number(this.slider.value)); },
      });
      this.said = rs.element("output", { class: "rsm-time" });
      this.only = rs.element("button", { type: "button", text: words.only_time, onclick: () => { this.stop(); this.keep(this.at); } });
      this.whole = rs.element("button", { type: "button", text: words.all_times, onclick: () => this.reset() });
      root.className = "rsm-brush";
      root.replaceChildren(this.play, this.slider, this.said, this.only, this.whole);
      this.#write();
    }

    /** Whether one period is shown. */
    get isOn() {
      return this.at !== ALL;
    }

    /** The flags of a look's points with the period applied. */
    applied(active, points) {
      return active.map((flag, i) => (flag && this.of[rs.atOf(points, i)] === this.at ? 1 : 0));
    }

    start() {
      this.playing = true;
      this.#go(this.at === ALL || this.at >= this.periods.length - 1 ? 0 : this.at + 1);
    }

    stop() {
      this.playing = false;
      clearTimeout(this.next);
      this.#write();
    }

    reset() {
      this.at = ALL;
      this.slider.value = "0";
      this.stop();
      return this.show();
    }

    async #go(period) {
      this.at = period;
      this.slider.value = String(period);
      this.#write();
      const began = performance.now();
      // A slow browser draws each period to the end before the next one comes.
      await this.show();
      if (!this.playing || this.at !== period) return;
      if (period >= this.periods.length - 1) return this.stop();
      clearTimeout(this.next);
      this.next = setTimeout(() => this.playing && this.#go(period + 1), Math.max(STEP_MS - (performance.now() - began), 50));
    }

    #write() {
      this.play.textContent = this.playing ? "❚❚" : "▶";
      const does = this.playing ? this.words.pause : this.words.play;
      this.play.title = does;
      this.play.setAttribute("aria-label", does);
      const [from, to] = this.periods[Math.max(this.at, 0)];
      this.said.textContent = this.at === ALL ? this.words.all_times : from === to ? from : `${from} – ${to}`;
      this.only.hidden = this.whole.hidden = this.at === ALL;
    }
  };
})((globalThis.reviewscape ??= {}));
