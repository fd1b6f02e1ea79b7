// Plotly traces and layout from typed arrays. Nothing here touches the page.
(function (rs) {
  "use strict";

  const OTHER = 254;
  const MISSING = 255;
  const OUTLIER_FLAG = 1;
  const MAX_SVG_POINTS = 3000;
  const MAX_RINGS = 3000;

  /** The category's or scale step's colour, for each of the 256 values of the colour byte. */
  rs.colourTable = function (colour, greys) {
    const table = new Array(256).fill(greys.other);
    if (colour.kind === "categorical") {
      colour.labels.forEach((_, place) => { table[place] = colour.colours[place]; });
    } else {
      for (let step = 0; step < OTHER + 1; step++) table[step] = rs.onScale(colour.colours, step / OTHER);
    }
    table[MISSING] = greys.missing;
    return table;
  };

  /** The colour at `share` (0…1) of a list of stops. */
  rs.onScale = function (stops, share) {
    const at = share * (stops.length - 1);
    const [a, b] = [stops[Math.floor(at)], stops[Math.min(Math.floor(at) + 1, stops.length - 1)]];
    const part = at - Math.floor(at);
    const mixed = [1, 3, 5].map((i) => {
      const [from, to] = [parseInt(a.slice(i, i + 2), 16), parseInt(b.slice(i, i + 2), 16)];
      return Math.round(from + (to - from) * part).toString(16).padStart(2, "0");
    });
    return "#" + mixed.join("");
  };

  // WebGL traces take a colour as its four shares, which Plotly then neither looks up nor parses: 100,000 points take
  // tenths of the time that they do by a colour scale.
  const shares = (colour) => [...[1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16) / 255), 1];

  /**
   * Positions of the points by how they are drawn: outside the filters, plain, odd (a shape of its own, whatever the
   * colour tells), found by a search, selected. hits: one flag a point, or null.
   * Points without a value come first, so that others lie on top of them.
   */
  rs.groupPoints = function (points, look, selected, svgOnly, hits = null) {
    const groups = { context: [], plain: [], odd: [], found: [], chosen: [] };
    const stride = svgOnly ? Math.ceil(points.n / MAX_SVG_POINTS) : 1;
    const late = [];
    for (let i = 0; i < points.n; i++) {
      if (selected && selected[i]) groups.chosen.push(i);
      else if (hits && hits[i] && look.active[i]) groups.found.push(i);
      else if (i % stride) continue;
      else if (!look.active[i]) groups.context.push(i);
      else if (points.flags[i] & OUTLIER_FLAG) groups.odd.push(i);
      else if (look.index[i] === MISSING) groups.plain.push(i);
      else late.push(i);
    }
    groups.plain = groups.plain.concat(late);
    return groups;
  };

  function baseSize(n, dims, compact) {
    const flat = n <= 600 ? 8 : n <= 3000 ? 6.5 : n <= 12000 ? 5 : n <= 60000 ? 3.5 : 2.5;
    return (dims === 3 ? flat * 0.62 : flat) * (compact ? 0.7 : 1);
  }

  function take(source, positions) {
    const taken = new Float32Array(positions.length);
    for (let i = 0; i < positions.length; i++) taken[i] = source[positions[i]];
    return taken;
  }

  function trace(points, positions, { flat, svgOnly }, more) {
    if (flat) {
      const type = svgOnly ? "scatter" : "scattergl";
      return { type, mode: "markers", showlegend: false, x: take(points.x2, positions), y: take(points.y2, positions), ...more };
    }
    return {
      type: "scatter3d", mode: "markers", showlegend: false,
      x: take(points.x3, positions), y: take(points.y3, positions), z: take(points.z3, positions), ...more,
    };
  }

  /** Rings around what a search found and no brush greys, and a larger one around the hit that is shown; no pointer catches on them. */
  rs.ringTraces = function (points, look, { svgOnly, hitPositions, shown }) {
    const flat = look.dims !== 3;
    const size = baseSize(points.n, look.dims, false);
    // Of very many, rings would hide the points; their colours tell them.
    const ringed = hitPositions?.length <= MAX_RINGS ? hitPositions.filter((i) => look.active[i]) : [];
    const ring = (name, positions, scale, width) => trace(points, positions, { flat, svgOnly }, {
      uid: name, meta: name, hoverinfo: "skip",
      marker: { symbol: "circle-open", size: size * scale + 4, color: look.greys.text, opacity: 1, line: { color: look.greys.text, width } },
      ...(flat ? { selected: { marker: { opacity: 1 } }, unselected: { marker: { opacity: 1 } } } : {}),
    });
    return [
      ...(ringed.length ? [ring("rings", ringed, 1.6, 1.5)] : []),
      ...(shown >= 0 ? [ring("shown", [shown], 2.6, 3.5)] : []),
    ];
  };

  /** Traces of the points; trace.meta names the group. */
  rs.pointTraces = function (points, look, groups, { svgOnly, compact }) {
    const flat = look.dims !== 3;
    const size = baseSize(points.n, look.dims, compact);
    const table = rs.colourTable(look.colour, look.greys);
    const palette = svgOnly ? table : table.map(shares);
    const hasSelection = groups.chosen.length > 0;
    const isDim = hasSelection || groups.found.length > 0;
    const dimmed = isDim ? 0.22 : points.n > 20000 ? 0.7 : 0.85;
    const styles = {
      context: { size: size * 0.8, opacity: flat ? 0.8 : 0.45, color: look.greys.faint },
      plain: { size, opacity: dimmed },
      odd: {
        size: size * 1.25, opacity: isDim ? 0.3 : 1, symbol: "diamond",
        line: { color: look.greys.text, width: 1 },
      },
      found: { size: size * 1.15, opacity: hasSelection ? 0.5 : 1 },
      chosen: { size: size * 1.35, opacity: 1, line: { color: look.greys.text, width: flat ? 1.2 : 1 } },
    };
    return Object.keys(styles).filter((name) => groups[name].length).map((name) => {
      const positions = groups[name];
      const marker = { ...styles[name] };
      marker.line ??= { width: 0 };
      if (!marker.color) {
        marker.color = Array.from(positions, (position) => palette[look.index[position]]);
      }
      return trace(points, positions, { flat, svgOnly }, {
        uid: name, meta: name, marker, hoverinfo: name === "context" ? "skip" : "none",
        // Selected points are a trace of their own; Plotly's own dimming would come on top of it.
        ...(flat ? { selected: { marker: { opacity: marker.opacity } }, unselected: { marker: { opacity: marker.opacity } } } : {}),
      });
    });
  };

  function bounds(values) {
    const [low, high] = rs.ends(values);
    const margin = Math.max(high - low, 1e-3) * 0.06;
    return values.length ? [low - margin, high + margin] : [0, 1];
  }

  /** [x low, x high, y low, y high] that shows every point. */
  rs.homeFrame = function (points) {
    return [...bounds(points.x2), ...bounds(points.y2)];
  };

  rs.layout = function (look, { frame, scene, revision, selectionRevision, dragmode, family, compact }) {
    const hidden = { visible: false, showgrid: false, zeroline: false, fixedrange: compact };
    const layout = {
      autosize: true, margin: { l: 0, r: 0, t: 0, b: 0 }, showlegend: false, hovermode: "closest", hoverdistance: 12,
      paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", font: { family, color: look.greys.text },
      modebar: { bgcolor: "rgba(0,0,0,0)", color: look.greys.other, activecolor: look.greys.text },
      uirevision: revision, selectionrevision: selectionRevision, selections: [], clickmode: "event",
      newselection: { line: { color: look.greys.text, width: 1.5, dash: "dot" } },
      dragmode: compact ? false : dragmode,
    };
    if (look.dims !== 3) {
      layout.xaxis = { ...hidden, range: frame.slice(0, 2), autorange: false };
      layout.yaxis = { ...hidden, range: frame.slice(2, 4), autorange: false, scaleanchor: "x" };
      layout.images = look.density ? rs.densityImages(look, frame) : [];
      return layout;
    }
    const axis = {
      title: { text: "" }, showticklabels: false, showspikes: false, zeroline: false, showbackground: false,
      gridcolor: look.greys.faint, color: look.greys.other, ticks: "",
    };
    layout.scene = {
      xaxis: axis, yaxis: { ...axis }, zaxis: { ...axis }, aspectmode: "data", uirevision: revision,
      dragmode: compact ? false : "orbit", camera: scene,
    };
    return layout;
  };

  /** Whether a place is in a box given by two corners. */
  rs.insideBox = function ({ x, y }) {
    const [left, right] = [Math.min(...x), Math.max(...x)];
    const [low, high] = [Math.min(...y), Math.max(...y)];
    return (px, py) => px >= left && px <= right && py >= low && py <= high;
  };

  /** Even-odd rule: a point is inside when a ray from it crosses the outline an odd number of times. */
  rs.insidePolygon = function ({ x, y }) {
    const box = rs.insideBox({ x: [x.reduce((a, b) => Math.min(a, b)), x.reduce((a, b) => Math.max(a, b))],
      y: [y.reduce((a, b) => Math.min(a, b)), y.reduce((a, b) => Math.max(a, b))] });
    return (px, py) => {
      if (!box(px, py)) return false;
      let inside = false;
      for (let i = 0, j = x.length - 1; i < x.length; j = i++) {
        if ((y[i] > py) !== (y[j] > py) && px < ((x[j] - x[i]) * (py - y[i])) / (y[j] - y[i]) + x[i]) inside = !inside;
      }
      return inside;
    };
  };
})((globalThis.reviewscape ??= {}));
