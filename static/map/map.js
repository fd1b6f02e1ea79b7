// The map itself: draws with Plotly.react, keeps zoom, camera and selection through every change, reports what was done.
(function (rs) {
  "use strict";

  const CAMERA_REST_MS = 700;
  const HOME_SCENE = { eye: { x: 1.1, y: 1.1, z: 0.75 }, center: { x: 0, y: 0, z: 0 }, up: { x: 0, y: 0, z: 1 } };

  const rounded = (number) => Number(number.toPrecision(6));
  const asList = ({ x, y, z }) => [x, y, z].map(rounded);

  rs.MapView = class {
    /**
     * root: an empty element. words: pipelines/map/words.py's. onEvent gets {kind: "selected", positions},
     * {kind: "moved", camera}, {kind: "topic", topic} or {kind: "asked", what, value} (value: a category of the legend;
     * theme: its id; undo, redo, end_search), only for what a person did. searchBox: a selector of the box in which
     * Escape ends the search, where the page has one. undoes: whether the page can undo a change of the look.
     */
    constructor(root, { words, compact = false, searchBox = "", undoes = false, onEvent }) {
      Object.assign(this, { root, words, compact, searchBox, undoes, onEvent });
      this.svgOnly = !rs.hasWebGL();
      this.selected = null;
      this.flat = null;
      this.scene = null;
      this.dragmode = "pan";
      this.showsOutlines = true;
      this.revision = 0;
      this.selectionRevision = 0;
      this.hovered = -1;
      this.names = new rs.Names(this);
      this.hits = null;
      // Beginnings of reviews: {get(position)}, and want() where they have to be fetched; null where none may be shown.
      this.texts = null;
      this.drawing = Promise.resolve();
      this.#build();
    }

    #build() {
      const id = `rsm-about-${Math.random().toString(36).slice(2)}`;
      this.about = rs.element("p", { class: "rsm-about", id });
      this.plot = rs.element("div", { class: "rsm-plot" });
      this.tip = new rs.Tip(this);
      this.press = new rs.Press(this.plot, {
        isDeep: () => this.look?.dims === 3, hovered: () => this.hovered, labelAt: (event) => this.look && this.names.at(event),
        onPoint: (position, shiftKey) => this.#choose(rs.sharers(this.points, this.look, position), shiftKey),
        onLabel: (label) => (label.isTheme ? this.#ask("theme", label.id) : this.#tell({ kind: "topic", topic: label.id })),
      });
      this.status = rs.element("div", { class: "rsm-status", role: "status" });
      this.hitBar = new rs.HitBar(rs.element("div"), {
        words: this.words, go: (position) => this.fly(position), clear: () => this.#ask("end_search"),
      });
      this.note = rs.element("p", { class: "rsm-note", text: this.words.loading });
      this.frame = rs.element("div", {
        class: "rsm-frame", role: "group", tabindex: this.compact ? undefined : "0",
        "aria-label": this.words.map, "aria-describedby": id,
        children: [this.plot, this.tip.root, rs.element("div", { class: "rsm-bars", children: [this.hitBar.root, this.status] })],
      });
      this.key = rs.element("div", { class: "rsm-legend" });
      this.root.classList.add("rsm");
      this.root.classList.toggle("rsm-compact", this.compact);
      this.root.replaceChildren(this.about, this.tip.said, this.note, this.frame, this.key);
      this.stop = new AbortController();
      const on = (target, type, run) => target.addEventListener(type, run, { signal: this.stop.signal, capture: true });
      on(document, "keydown", (event) => this.#key(event));
      on(this.frame, "pointerdown", (event) => this.press.down(event));
      on(this.frame, "pointermove", (event) => this.press.move(event));
      on(document, "pointerup", (event) => this.press.up(event));
      on(this.frame, "pointerleave", () => this.#hideTip());
      // One resize a frame: a panel that slides open would redraw dozens of times.
      this.observer = new ResizeObserver(() => {
        cancelAnimationFrame(this.resizing);
        this.resizing = requestAnimationFrame(() => this.#resize());
      });
      this.observer.observe(this.frame);
    }

    /**
     * Show a look of points. camera is applied when given (null: as it is). hits: positions
     * that a search found, best first; null: nothing is looked for.
     */
    update({ points, look, camera = null, selection, hits = null }) {
      const isOther = !this.points || this.points.digest !== points.digest;
      const turned = !this.look || (this.look.dims === 3) !== (look.dims === 3);
      if (isOther) {
        this.selected = null;
        this.flat = this.scene = null;
      }
      if (!isOther && this.selected && points !== this.points) this.selected = rs.carried(this.selected, this.points, points);
      Object.assign(this, { points, look });
      if (this.svgOnly && look.dims === 3) this.look = { ...look, dims: 2 };
      if (camera) this.#applyCamera(camera);
      if (isOther) this.revision++;
      if (selection !== undefined) {
        this.#setSelected(selection);
        this.selectedOfAll = look.counts?.selected;
      }
      this.hits = hits && this.#flags(hits);
      this.hitBar.set(hits, this.words, look.counts?.hits);
      return this.#draw(isOther || turned, turned && !isOther);
    }

    /** Say that the map could not be drawn. */
    fail() {
      this.#say(this.words.failed);
    }

    /** Bring a point to the middle and say what it is. */
    fly(position) {
      this.hitBar.mark(position);
      // By then other points may be drawn, of which this position is another one.
      const { points } = this;
      this.drawing = this.drawing.then(async () => {
        if (this.stop.signal.aborted) return;
        const { plot } = this;
        const axes = this.look.dims === 3 ? ["x3", "y3", "z3"] : ["x2", "y2"];
        const place = axes.map((axis) => points[axis][position]);
        this.flying = true;
        try {
          await (this.look.dims === 3 ? rs.flyScene(plot, place) : rs.flyFlat(plot, place, rs.homeFrame(points)));
        } finally {
          this.flying = false;
        }
        this.#seen();
      }).catch(console.error);
      return this.#draw(false).then(() => this.points === points && this.tip.showInMiddle(position));
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
      this.scene = has ? { eye: rs.asPoint(camera.eye), center: rs.asPoint(camera.center), up: rs.asPoint(camera.up) } : null;
      this.revision++;
    }

    #flags(positions) {
      const flags = new Uint8Array(this.points.n);
      for (const i of positions) if (i < this.points.n) flags[i] = 1;
      return flags;
    }

    #setSelected(positions) {
      this.selected = positions && positions.length ? this.#flags(positions) : null;
    }

    get positions() {
      const found = [];
      this.selected?.forEach((flag, i) => { if (flag) found.push(i); });
      return Uint32Array.from(found);
    }

    // Draws follow one another: Plotly must not be called while it draws.
    #draw(afresh, turned = false) {
      this.drawing = this.drawing.then(() => this.#drawNow(afresh, turned && this.drawn && rs.turns(this.points))).catch((error) => {
        console.error(error);
        this.fail();
      });
      return this.drawing;
    }

    async #drawNow(afresh, turning) {
      if (this.stop.signal.aborted) return;
      const { points, look } = this;
      this.#theme(look);
      this.#describe();
      this.key.replaceChildren(...(this.compact || !points.n ? [] : rs.legend(look, points, this.words, (value) => this.#pick(value))));
      this.#showStatus();
      if (!points.n) return this.#say(this.words.no_points);
      if (turning && look.dims !== 3) await this.#turn(1, 0);
      this.groups = rs.groupPoints(points, look, this.selected, this.svgOnly, this.hits);
      this.grouped = points;
      const drawn = Object.values(this.groups).reduce((sum, group) => sum + group.length, 0);
      this.#say(this.svgOnly ? rs.fill(this.words.no_webgl, { shown: rs.count(drawn), n: rs.count(points.all) })
        : this.compact ? "" : rs.drawnOf(points, look, drawn, this.words));
      const traces = [
        ...rs.pointTraces(points, look, this.groups, this),
        ...rs.ringTraces(points, look, { svgOnly: this.svgOnly, hitPositions: this.hitBar.positions, shown: this.hitBar.current }),
      ];
      const family = getComputedStyle(this.root).fontFamily;
      const layout = rs.layout(look, {
        frame: this.flat || rs.homeFrame(points), scene: this.scene || HOME_SCENE, revision: this.revision,
        selectionRevision: ++this.selectionRevision, dragmode: this.dragmode, family, compact: this.compact,
      });
      if (look.dims !== 3 && look.outlines && this.showsOutlines) layout.shapes = rs.outlineShapes(look, look.outlines);
      if (look.dims === 3) layout.scene.annotations = this.names.scene(look);
      if (afresh && this.drawn) Plotly.purge(this.plot);
      await Plotly.react(this.plot, traces, layout, rs.plotConfig(look, this.words, this.#buttons()));
      if (afresh || !this.drawn) this.#listen();
      this.drawn = true;
      if (turning && look.dims === 3) {
        await this.#turn(0, 1);
        await Plotly.react(this.plot, traces, layout);
      }
      await this.names.place();
      this.#count();
    }

    #describe() {
      const { about, keys, keys_found: found } = this.words;
      const said = [rs.fill(about, { n: rs.count(this.points.all) }), ...(this.compact ? [] : [keys]), ...(this.searchBox ? [found] : [])];
      this.about.textContent = said.join(" ");
    }

    // For whoever waits until the map is at rest.
    #count() {
      this.root.dataset.drawn = String(Number(this.root.dataset.drawn || 0) + 1);
    }

    async #turn(from, to) {
      if (!this.plot._fullLayout?.scene) return;
      const { positions, current } = this.hitBar;
      const others = { rings: positions || [], shown: [current] };
      this.flying = true;
      try {
        await rs.turn(this.plot, this.points, {
          from, to, scene: this.scene || HOME_SCENE, shown: () => this.#count(),
          positionsOf: (name) => others[name] || this.groups[name] || [],
        });
      } finally {
        this.flying = false;
      }
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
        rs.element("span", { text: this.#selectedSaid(n) }),
        rs.element("button", { type: "button", text: "✕", title: this.words.clear, "aria-label": this.words.clear, onclick: () => this.#choose([], false) }),
      ] : []));
    }

    // Where not all points are drawn, the server says how many were meant.
    #selectedSaid(n) {
      if (!this.points.at) return rs.fill(this.words.selected, { n: rs.count(n) });
      const all = this.selectedOfAll;
      return rs.fill(all === undefined ? this.words.selected_counting : this.words.selected_of, { n: rs.count(all ?? 0), drawn: rs.count(n) });
    }

    #buttons() {
      const outlines = () => { this.showsOutlines = !this.showsOutlines; this.#draw(false); };
      return { compact: this.compact, home: () => this.resetCamera(), outlines };
    }

    #listen() {
      const plot = this.plot;
      plot.on("plotly_click", (event) => this.press.clicked(this.#positionOf(event), event.event));
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
      // While other points are being drawn, those in sight have no position among them.
      const group = this.grouped === this.points ? this.groups?.[point?.data?.meta] : undefined;
      return group ? group[point.pointNumber] : -1;
    }

    #selectArea(event) {
      const found = rs.inArea(this.points, this.look, event);
      if (found) this.#choose(found, this.press.shiftKey, rs.areaOf(event));
    }

    #choose(found, adds, area = null) {
      const before = this.positions;
      const chosen = adds ? [...before, ...found] : found;
      this.#setSelected(chosen);
      const after = this.positions;
      const same = before.length === after.length && before.every((position, i) => position === after[i]);
      // An area may hold more than is drawn.
      const tells = !same || (area && this.points.at);
      if (tells) this.selectedOfAll = undefined;
      this.#draw(false);
      if (tells) this.#tell({ kind: "selected", positions: after, found, area, adds: Boolean(adds) });
    }

    #key(event) {
      const asked = this.compact || !this.look ? null : rs.keyAsks(event, this.frame, { ...this, finds: Boolean(this.searchBox) });
      if (!asked) return;
      if (asked === "clear") {
        // One thing at a time: what was selected last, then the search.
        if (this.selected) this.#choose([], false);
        else if (this.hitBar.positions) this.#ask("end_search");
        return;
      }
      event.preventDefault();
      if (asked === "undo" || asked === "redo") this.#ask(asked);
      else if (asked === "next" || asked === "previous") this.hitBar.step(asked === "next" ? 1 : -1);
      else if (asked === "home") this.resetCamera();
      else if (this.drawn) (this.look.dims === 3 ? rs.stepScene : rs.stepFlat)(this.plot, asked);
    }

    #ask(what, value) {
      this.#tell({ kind: "asked", what, value });
    }

    #pick(value) {
      if (this.look.colour.isTopic) this.#tell({ kind: "topic", topic: value });
      else this.#ask("value", value);
    }

    #relayout(change) {
      const keys = Object.keys(change);
      if (change.dragmode) this.dragmode = change.dragmode;
      if (!this.flying && keys.some((key) => /^[xy]axis|^scene\.camera/.test(key))) this.#seen();
    }

    // Another part is in sight: remember which, place the names for it, and tell.
    #seen() {
      if (this.look.dims === 3) {
        const camera = this.plot.layout.scene.camera;
        this.scene = { eye: camera.eye, center: camera.center || HOME_SCENE.center, up: camera.up || HOME_SCENE.up };
      } else {
        const { xaxis, yaxis } = this.plot._fullLayout;
        this.flat = [...xaxis.range, ...yaxis.range];
      }
      this.names.place();
      this.#moved();
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
        await this.names.place();
      }).catch(console.error);
    }

    #hover(event) {
      this.hovered = this.#positionOf(event);
      if (this.hovered < 0) return this.#hideTip();
      return this.tip.show(this.hovered, this.press.pointer || event.event);
    }

    #hideTip() {
      this.hovered = -1;
      this.tip.hide();
    }
  };
})((globalThis.reviewscape ??= {}));
