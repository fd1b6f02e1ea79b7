// The map itself: draws with Plotly.react, keeps zoom, camera and selection through every change, reports what was done.
(function (rs) {
  "use strict";

  const MAX_LABELS = 60;
  const MAX_LABELS_COMPACT = 7;
  const MAX_LABELS_3D = 16;
  const CAMERA_REST_MS = 700;
  const CLICK_SLACK_PX = 5;
  const LATE_CLICK_MS = 500;
  const HOME_SCENE = { eye: { x: 1.1, y: 1.1, z: 0.75 }, center: { x: 0, y: 0, z: 0 }, up: { x: 0, y: 0, z: 1 } };

  /** Whether this browser draws with WebGL. */
  rs.hasWebGL = function () {
    try {
      const context = document.createElement("canvas").getContext("webgl");
      context?.getExtension("WEBGL_lose_context")?.loseContext();
      return Boolean(context);
    } catch {
      return false;
    }
  };

  const rounded = (number) => Number(number.toPrecision(6));
  const asList = ({ x, y, z }) => [x, y, z].map(rounded);
  const asPoint = ([x, y, z]) => ({ x, y, z });

  rs.MapView = class {
    /**
     * root: an empty element. words: pipelines/map/words.py's. onEvent gets {kind: "selected", positions},
     * {kind: "moved", camera} or {kind: "topic", topic}, only for what a person did.
     */
    constructor(root, { words, compact = false, onEvent }) {
      Object.assign(this, { root, words, compact, onEvent });
      this.svgOnly = !rs.hasWebGL();
      this.selected = null;
      this.flat = null;
      this.scene = null;
      this.dragmode = "pan";
      this.revision = 0;
      this.selectionRevision = 0;
      this.hovered = -1;
      this.under = -1;
      this.boxes = [];
      this.drawing = Promise.resolve();
      this.#build();
    }

    #build() {
      const id = `rsm-about-${Math.random().toString(36).slice(2)}`;
      this.about = rs.element("p", { class: "rsm-about", id });
      this.plot = rs.element("div", { class: "rsm-plot" });
      this.tip = rs.element("div", { class: "rsm-tip", "aria-hidden": "true" });
      this.status = rs.element("div", { class: "rsm-status", role: "status" });
      this.note = rs.element("p", { class: "rsm-note", text: this.words.loading });
      this.frame = rs.element("div", {
        class: "rsm-frame", role: "group", tabindex: this.compact ? undefined : "0",
        "aria-label": this.words.map, "aria-describedby": id,
        children: [this.plot, this.tip, this.status],
      });
      this.key = rs.element("div", { class: "rsm-legend" });
      this.root.classList.add("rsm");
      this.root.classList.toggle("rsm-compact", this.compact);
      this.root.replaceChildren(this.about, this.note, this.frame, this.key);
      this.stop = new AbortController();
      const on = (target, type, run) => target.addEventListener(type, run, { signal: this.stop.signal, capture: true });
      on(document, "keydown", (event) => this.#key(event));
      on(this.frame, "pointerdown", (event) => this.#down(event));
      on(this.frame, "pointermove", (event) => this.#move(event));
      on(document, "pointerup", (event) => this.#up(event));
      on(this.frame, "pointerleave", () => this.#hideTip());
      // One resize a frame: a panel that slides open would redraw dozens of times.
      this.observer = new ResizeObserver(() => {
        cancelAnimationFrame(this.resizing);
        this.resizing = requestAnimationFrame(() => this.#resize());
      });
      this.observer.observe(this.frame);
    }

    /** Show a look of points; snippets may come later. camera is applied when given (null: as it is). */
    update({ points, look, camera = null, selection }) {
      const isOther = !this.points || this.points.digest !== points.digest;
      const turned = !this.look || (this.look.dims === 3) !== (look.dims === 3);
      if (isOther) {
        this.selected = null;
        this.flat = this.scene = null;
        this.snippets = null;
      }
      Object.assign(this, { points, look });
      if (this.svgOnly && look.dims === 3) this.look = { ...look, dims: 2 };
      if (camera) this.#applyCamera(camera);
      if (isOther) this.revision++;
      if (selection !== undefined) this.#setSelected(selection);
      return this.#draw(isOther || turned);
    }

    setSnippets(snippets) {
      this.snippets = snippets;
    }

    /** Select by positions without telling: for what Python or the page around decided. null: nothing. */
    select(positions) {
      this.#setSelected(positions);
      return this.#draw(false);
    }

    get camera() {
      const camera = {};
      if (this.flat) camera.flat = this.flat.map(rounded);
      if (this.scene) {
        for (const name of ["eye", "center", "up"]) camera[name] = asList(this.scene[name]);
      }
      return camera;
    }

    resetCamera() {
      this.flat = this.scene = null;
      this.revision++;
      this.#moved();
      return this.#draw(false);
    }

    destroy() {
      clearTimeout(this.resting);
      this.observer.disconnect();
      this.stop.abort();
      if (this.drawn) Plotly.purge(this.plot);
    }

    #applyCamera(camera) {
      this.flat = Array.isArray(camera.flat) && camera.flat.length === 4 ? camera.flat : null;
      const has = ["eye", "center", "up"].every((name) => Array.isArray(camera[name]) && camera[name].length === 3);
      this.scene = has ? { eye: asPoint(camera.eye), center: asPoint(camera.center), up: asPoint(camera.up) } : null;
      this.revision++;
    }

    #setSelected(positions) {
      if (!positions || !positions.length) {
        this.selected = null;
      } else {
        this.selected = new Uint8Array(this.points.n);
        for (const i of positions) if (i < this.points.n) this.selected[i] = 1;
      }
    }

    get positions() {
      const found = [];
      this.selected?.forEach((flag, i) => { if (flag) found.push(i); });
      return Uint32Array.from(found);
    }

    // Draws follow one another: Plotly must not be called while it draws.
    #draw(afresh) {
      this.drawing = this.drawing.then(() => this.#drawNow(afresh)).catch((error) => {
        console.error(error);
        this.#say(this.words.failed);
      });
      return this.drawing;
    }

    async #drawNow(afresh) {
      if (this.stop.signal.aborted) return;
      const { points, look } = this;
      this.#theme(look);
      this.about.textContent = rs.fill(this.words.about, { n: rs.count(points.n) });
      this.key.replaceChildren(...(this.compact || !points.n ? [] : rs.legend(look, points, this.words, (topic) => this.#tell({ kind: "topic", topic }))));
      this.#showStatus();
      if (!points.n) return this.#say(this.words.no_points);
      this.groups = rs.groupPoints(points, look, this.selected, this.svgOnly);
      const drawn = Object.values(this.groups).reduce((sum, group) => sum + group.length, 0);
      this.#say(this.svgOnly ? rs.fill(this.words.no_webgl, { shown: rs.count(drawn), n: rs.count(points.n) }) : "");
      const traces = rs.pointTraces(points, look, this.groups, this);
      const family = getComputedStyle(this.root).fontFamily;
      const layout = rs.layout(look, {
        frame: this.flat || rs.homeFrame(points), scene: this.scene || HOME_SCENE, revision: this.revision,
        selectionRevision: ++this.selectionRevision, dragmode: this.dragmode, family, compact: this.compact,
      });
      if (look.dims === 3) layout.scene.annotations = rs.labels3d(look.labels, look, { family, max: this.compact ? MAX_LABELS_COMPACT : MAX_LABELS_3D });
      if (afresh && this.drawn) Plotly.purge(this.plot);
      await Plotly.react(this.plot, traces, layout, this.#config());
      if (afresh || !this.drawn) this.#listen();
      this.drawn = true;
      await this.#placeLabels();
      this.root.dataset.drawn = String(Number(this.root.dataset.drawn || 0) + 1);
    }

    #theme(look) {
      const style = this.root.style;
      style.setProperty("--rsm-text", look.greys.text);
      style.setProperty("--rsm-page", look.greys.page);
      style.setProperty("--rsm-faint", look.greys.faint);
    }

    #say(text) {
      this.note.textContent = text;
      this.note.hidden = !text;
    }

    #showStatus() {
      const n = this.positions.length;
      this.status.replaceChildren(...(n && !this.compact ? [
        rs.element("span", { text: rs.fill(this.words.selected, { n: rs.count(n) }) }),
        rs.element("button", { type: "button", text: "✕", title: this.words.clear, "aria-label": this.words.clear, onclick: () => this.#choose([], false) }),
      ] : []));
    }

    #config() {
      const words = this.words;
      const home = { name: "home", title: words.reset, icon: Plotly.Icons.home, click: () => this.resetCamera() };
      const flat = [["pan2d", "zoom2d", "select2d", "lasso2d"], ["zoomIn2d", "zoomOut2d", home]];
      return {
        displaylogo: false, showSendToCloud: false, scrollZoom: !this.compact, doubleClick: false,
        displayModeBar: !this.compact, modeBarButtons: this.look.dims === 3 ? [["orbitRotation", "pan3d", "zoom3d"], [home]] : flat,
        locale: "rs",
        locales: {
          rs: {
            moduleType: "locale", name: "rs", format: {},
            dictionary: {
              Pan: words.pan, Zoom: words.zoom, "Box Select": words.box, "Lasso Select": words.lasso,
              "Zoom in": words.zoom_in, "Zoom out": words.zoom_out, "Orbital rotation": words.orbit,
            },
          },
        },
      };
    }

    #listen() {
      const plot = this.plot;
      plot.on("plotly_click", (event) => this.#click(event));
      plot.on("plotly_hover", (event) => this.#hover(event));
      plot.on("plotly_unhover", () => this.#hideTip());
      plot.on("plotly_selected", (event) => this.#selectArea(event));
      plot.on("plotly_deselect", () => this.#choose([], false));
      plot.on("plotly_relayout", (change) => this.#relayout(change));
      plot.on("plotly_doubleclick", () => this.look.dims !== 3 && !this.compact && this.resetCamera());
    }

    #tell(event) {
      this.onEvent?.(event);
    }

    #positionOf(event) {
      const point = event?.points?.[0];
      const group = this.groups?.[point?.data?.meta];
      return group ? group[point.pointNumber] : -1;
    }

    #click(event) {
      const position = this.#positionOf(event);
      if (this.look.dims !== 3) {
        if (position >= 0) this.#choose(this.#sharers(position), event.event?.shiftKey);
        return;
      }
      // In 3D Plotly repeats this event in every frame while a button is down, also while the scene is turned: what
      // counts is the release. A fast click can be reported only after it.
      this.under = position;
      if (performance.now() < this.lateUntil) this.#click3d(this.lateShift);
    }

    #click3d(shiftKey) {
      this.lateUntil = 0;
      const position = this.under;
      this.under = -1;
      if (position >= 0) this.#choose(this.#sharers(position), shiftKey);
    }

    #down(event) {
      // Where it began: by its end Plotly has covered the page to follow a drag.
      const onPlot = event.target instanceof Element && this.plot.contains(event.target) && !event.target.closest(".modebar");
      this.pressed = { x: event.clientX, y: event.clientY, onPlot };
      this.under = -1;
      this.lateUntil = 0;
    }

    #move(event) {
      this.pointer = event;
      if (!this.pressed) this.plot.classList.toggle("rsm-hit", this.hovered >= 0 || Boolean(this.#labelAt(event)));
    }

    #up(event) {
      if (!this.pressed) return;
      const { onPlot } = this.pressed;
      const still = Math.hypot(event.clientX - this.pressed.x, event.clientY - this.pressed.y) < CLICK_SLACK_PX;
      this.pressed = null;
      this.shiftKey = event.shiftKey;
      if (!still || !onPlot || !this.look) return;
      if (this.look.dims === 3 && this.under < 0) this.under = this.hovered;
      const label = Math.max(this.under, this.hovered) < 0 && this.#labelAt(event);
      if (label) return this.#tell({ kind: "topic", topic: label.id });
      if (this.look.dims !== 3) return;
      if (this.under >= 0) return this.#click3d(event.shiftKey);
      this.lateUntil = performance.now() + LATE_CLICK_MS;
      this.lateShift = event.shiftKey;
    }

    // Equal texts lie on one spot: a click means all of them.
    #sharers(position) {
      const axes = this.look.dims === 3 ? ["x3", "y3", "z3"] : ["x2", "y2"];
      const found = [];
      for (let i = 0; i < this.points.n; i++) {
        if (this.look.active[i] && axes.every((axis) => this.points[axis][i] === this.points[axis][position])) found.push(i);
      }
      return found.length ? found : [position];
    }

    #selectArea(event) {
      // Without a shape this is Plotly clearing up after a plain click.
      if (!event || !(event.range || event.lassoPoints)) return;
      const inside = event.lassoPoints ? rs.insidePolygon(event.lassoPoints) : rs.insideBox(event.range);
      const found = [];
      for (let i = 0; i < this.points.n; i++) {
        if (this.look.active[i] && inside(this.points.x2[i], this.points.y2[i])) found.push(i);
      }
      this.#choose(found, this.shiftKey);
    }

    #choose(found, adds) {
      const before = this.positions;
      const chosen = adds ? [...before, ...found] : found;
      this.#setSelected(chosen);
      const after = this.positions;
      this.#draw(false);
      const same = before.length === after.length && before.every((position, i) => position === after[i]);
      if (!same) this.#tell({ kind: "selected", positions: after });
    }

    #key(event) {
      if (event.key !== "Escape" || !this.selected || this.compact) return;
      const target = event.composedPath()[0];
      if (target instanceof Element && target.closest("input, textarea, select, [contenteditable], [role=dialog], [role=listbox], [aria-expanded=true], [data-testid=stPopoverBody]")) return;
      this.#choose([], false);
    }

    #relayout(change) {
      const keys = Object.keys(change);
      if (change.dragmode) this.dragmode = change.dragmode;
      if (keys.some((key) => /^[xy]axis/.test(key))) {
        const { xaxis, yaxis } = this.plot._fullLayout;
        this.flat = [...xaxis.range, ...yaxis.range];
        this.#placeLabels();
        this.#moved();
      } else if (keys.some((key) => key.startsWith("scene.camera"))) {
        const camera = this.plot.layout.scene.camera;
        this.scene = { eye: camera.eye, center: camera.center || HOME_SCENE.center, up: camera.up || HOME_SCENE.up };
        this.#thinLabels3d();
        this.#moved();
      }
    }

    #moved() {
      clearTimeout(this.resting);
      this.resting = setTimeout(() => this.#tell({ kind: "moved", camera: this.camera }), CAMERA_REST_MS);
    }

    async #resize() {
      if (!this.drawn || !this.frame.clientWidth || this.stop.signal.aborted) return;
      this.drawing = this.drawing.then(async () => {
        if (this.stop.signal.aborted) return;
        await Plotly.Plots.resize(this.plot);
        await this.#placeLabels();
      }).catch(console.error);
    }

    async #placeLabels() {
      if (this.look.dims === 3) return this.#thinLabels3d();
      if (!this.plot._fullLayout?.xaxis) return;
      const { xaxis, yaxis } = this.plot._fullLayout;
      const frame = { x: xaxis.range, y: yaxis.range, width: xaxis._length, height: yaxis._length };
      const family = getComputedStyle(this.root).fontFamily;
      const placed = rs.placeLabels(this.look.labels, frame, { family, max: this.compact ? MAX_LABELS_COMPACT : MAX_LABELS });
      this.#keepBoxes(placed.map((one) => ({ ...one.box, id: one.label.id })), { left: xaxis._offset, top: yaxis._offset });
      const annotations = placed.map((one) => ({
        ...rs.annotation(one, this.look, family), x: one.label.at[0], y: one.label.at[1],
      }));
      const drawn = JSON.stringify(annotations);
      if (drawn === JSON.stringify(this.plot.layout.annotations || [])) return;
      await Plotly.relayout(this.plot, { annotations });
    }

    #keepBoxes(boxes, { left, top }) {
      this.boxes = boxes.filter(Boolean).map((box) => ({
        id: box.id, left: box.left + left, right: box.right + left, top: box.top + top, bottom: box.bottom + top,
      }));
    }

    // Names let the pointer through to the points below them, so a click on one is found by its place.
    #labelAt(event) {
      const frame = this.plot.getBoundingClientRect();
      const [x, y] = [event.clientX - frame.left, event.clientY - frame.top];
      return this.boxes.find((box) => x >= box.left && x <= box.right && y >= box.top && y <= box.bottom);
    }

    // In 3D Plotly knows where each name is on the screen; those that would cover a larger topic's are hidden.
    async #thinLabels3d() {
      const scene = this.plot._fullLayout?.scene;
      const drawn = scene?._scene?.fullSceneLayout?.annotations || [];
      if (!drawn.length || drawn.some((one) => !one._pdata)) return;
      const { width, height } = this.frame.getBoundingClientRect();
      const places = drawn.map(({ _pdata: [x, y, , w] }) => (w > 0 ? [(0.5 + (0.5 * x) / w) * width, (0.5 - (0.5 * y) / w) * height] : null));
      const family = getComputedStyle(this.root).fontFamily;
      const max = drawn.length;
      const boxes = rs.freeBoxes(this.look.labels, places, family);
      this.#keepBoxes(boxes.map((box, i) => box && { ...box, id: this.look.labels[i].id }), { left: 0, top: 0 });
      const shown = boxes.map(Boolean);
      if (shown.every((isShown, i) => isShown === (drawn[i].opacity > 0))) return;
      await Plotly.relayout(this.plot, { "scene.annotations": rs.labels3d(this.look.labels, this.look, { family, max, shown }) });
    }

    #hover(event) {
      this.hovered = this.#positionOf(event);
      if (this.hovered < 0) return this.#hideTip();
      rs.fillTip(this.tip, this.look, this.look.index[this.hovered], this.snippets?.[this.hovered], this.words);
      if (!this.tip.childNodes.length) return;
      const at = this.pointer || event.event;
      if (at) rs.placeTip(this.tip, this.frame, at);
    }

    #hideTip() {
      this.hovered = -1;
      this.tip.classList.remove("rsm-shown");
    }
  };
})((globalThis.reviewscape ??= {}));
