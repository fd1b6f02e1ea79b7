// What a pointer means on the map: a click on a point, on a name, or a drag. In 3D Plotly does not tell them apart.
(function (rs) {
  "use strict";

  const CLICK_SLACK_PX = 5;
  const LATE_CLICK_MS = 500;

  rs.Press = class {
    /**
     * plot: Plotly's element. isDeep(): whether the map is drawn in 3D. hovered(): the position under the pointer, −1
     * for none. labelAt(event): the name under it. onPoint(position, shiftKey) and onLabel(label) get the clicks.
     */
    constructor(plot, { isDeep, hovered, labelAt, onPoint, onLabel }) {
      Object.assign(this, { plot, isDeep, hovered, labelAt, onPoint, onLabel });
      this.under = -1;
      this.lateUntil = 0;
      this.shiftKey = false;
    }

    /** Plotly says that a point was clicked. */
    clicked(position, event) {
      if (!this.isDeep()) {
        if (position >= 0) this.onPoint(position, event?.shiftKey);
        return;
      }
      // In 3D Plotly repeats this event in every frame while a button is down, also while the scene is turned: what
      // counts is the release. A fast click can be reported only after it.
      this.under = position;
      if (performance.now() < this.lateUntil) this.#deep(this.lateShift);
    }

    down(event) {
      // Where it began: by its end Plotly has covered the page to follow a drag.
      const onPlot = event.target instanceof Element && this.plot.contains(event.target) && !event.target.closest(".modebar");
      this.pressed = { x: event.clientX, y: event.clientY, onPlot };
      this.under = -1;
      this.lateUntil = 0;
    }

    move(event) {
      this.pointer = event;
      if (!this.pressed) this.plot.classList.toggle("rsm-hit", this.hovered() >= 0 || Boolean(this.labelAt(event)));
    }

    up(event) {
      if (!this.pressed) return undefined;
      const { onPlot } = this.pressed;
      const still = Math.hypot(event.clientX - this.pressed.x, event.clientY - this.pressed.y) < CLICK_SLACK_PX;
      this.pressed = null;
      this.shiftKey = event.shiftKey;
      if (!still || !onPlot) return undefined;
      if (this.isDeep() && this.under < 0) this.under = this.hovered();
      const label = Math.max(this.under, this.hovered()) < 0 && this.labelAt(event);
      if (label) return this.onLabel(label);
      if (!this.isDeep()) return undefined;
      if (this.under >= 0) return this.#deep(event.shiftKey);
      this.lateUntil = performance.now() + LATE_CLICK_MS;
      this.lateShift = event.shiftKey;
      return undefined;
    }

    #deep(shiftKey) {
      this.lateUntil = 0;
      const position = this.under;
      this.under = -1;
      if (position >= 0) this.onPoint(position, shiftKey);
    }
  };
})((globalThis.reviewscape ??= {}));
