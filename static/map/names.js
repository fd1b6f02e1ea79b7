// The names on the map as they are drawn now: topics, and when far out their themes too; which of them was clicked.
(function (rs) {
  "use strict";

  const MAX_FLAT = 60;
  const MAX_COMPACT = 7;
  const MAX_3D = 16;
  const FAR = 0.7;

  rs.Names = class {
    /** view: a MapView; its plot, frame, root, look, points and compact are read. */
    constructor(view) {
      this.view = view;
      this.boxes = [];
    }

    get family() {
      return getComputedStyle(this.view.root).fontFamily;
    }

    /** Annotations of a 3D scene that is about to be drawn. */
    scene(look) {
      return rs.labels3d(look.labels, look, { family: this.family, max: this.view.compact ? MAX_COMPACT : MAX_3D });
    }

    /** Place the names anew, after a drawing or a move. */
    async place() {
      const { look, plot, compact } = this.view;
      if (look.dims === 3) return this.#thin3d();
      if (!plot._fullLayout?.xaxis) return undefined;
      const { xaxis, yaxis } = plot._fullLayout;
      const frame = { x: xaxis.range, y: yaxis.range, width: xaxis._length, height: yaxis._length };
      const themes = !compact && this.#isFar(frame) ? (look.themes || []).map((theme) => ({ ...theme, isTheme: true })) : [];
      // A theme that is called like its largest topic stands for it.
      const named = new Set(themes.map((theme) => theme.name));
      const topics = look.labels.filter((label) => !named.has(label.name));
      const placed = rs.placeLabels([...themes, ...topics], frame, { family: this.family, max: compact ? MAX_COMPACT : MAX_FLAT });
      this.#keep(placed.map((one) => ({ ...one.box, label: one.label })), { left: xaxis._offset, top: yaxis._offset });
      const annotations = placed.map((one) => ({
        ...rs.annotation(one, look, this.family), x: one.label.at[0], y: one.label.at[1],
      }));
      const drawn = JSON.stringify(annotations);
      if (drawn === JSON.stringify(plot.layout.annotations || [])) return undefined;
      return Plotly.relayout(plot, { annotations });
    }

    /** The label under a pointer: names let it through to the points below them, so it is found by its place. */
    at(event) {
      const frame = this.view.plot.getBoundingClientRect();
      const [x, y] = [event.clientX - frame.left, event.clientY - frame.top];
      return this.boxes.find((box) => x >= box.left && x <= box.right && y >= box.top && y <= box.bottom)?.label;
    }

    #isFar({ x, y }) {
      const home = rs.homeFrame(this.view.points);
      return Math.min((x[1] - x[0]) / (home[1] - home[0]), (y[1] - y[0]) / (home[3] - home[2])) > FAR;
    }

    #keep(boxes, { left, top }) {
      this.boxes = boxes.filter(Boolean).map((box) => ({
        label: box.label, left: box.left + left, right: box.right + left, top: box.top + top, bottom: box.bottom + top,
      }));
    }

    // In 3D Plotly knows where each name is on the screen; those that would cover a larger topic's are hidden.
    async #thin3d() {
      const { look, plot, frame } = this.view;
      const scene = plot._fullLayout?.scene;
      const drawn = scene?._scene?.fullSceneLayout?.annotations || [];
      if (!drawn.length || drawn.some((one) => !one._pdata)) return;
      const { width, height } = frame.getBoundingClientRect();
      const places = drawn.map(({ _pdata: [x, y, , w] }) => (w > 0 ? [(0.5 + (0.5 * x) / w) * width, (0.5 - (0.5 * y) / w) * height] : null));
      const boxes = rs.freeBoxes(look.labels, places, this.family);
      this.#keep(boxes.map((box, i) => box && { ...box, label: look.labels[i] }), { left: 0, top: 0 });
      const shown = boxes.map(Boolean);
      if (shown.every((isShown, i) => isShown === (drawn[i].opacity > 0))) return;
      await Plotly.relayout(plot, { "scene.annotations": rs.labels3d(look.labels, look, { family: this.family, max: drawn.length, shown }) });
    }
  };
})((globalThis.reviewscape ??= {}));
