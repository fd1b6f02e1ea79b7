// Maps of so many points that only some are drawn: which of the data's points those are, and the shading that counts all.
(function (rs) {
  "use strict";

  const FAINTEST = 0.05;
  const STRONGEST = 0.4;
  const CLOSE = 0.3;
  const MOST_CORNERS = 800;
  const AXES = ["x2", "y2", "x3", "y3", "z3"];

  /** Where a drawn point stands in the data. */
  rs.atOf = (points, position) => (points.at ? points.at[position] : position);

  /** The points that are always drawn and those of the part in sight, as one. */
  rs.joined = function (base, more, digest) {
    const joined = { n: base.n + more.n, all: base.all, digest: base.digest, more: digest };
    for (const name of [...AXES, "flags", "at"]) {
      joined[name] = new base[name].constructor(joined.n);
      joined[name].set(base[name]);
      joined[name].set(more[name], base.n);
    }
    return joined;
  };

  /** Flags of one list of drawn points as flags of another. */
  rs.carried = function (flags, before, after) {
    const chosen = new Set();
    flags.forEach((flag, i) => { if (flag) chosen.add(rs.atOf(before, i)); });
    return Uint8Array.from({ length: after.n }, (_, i) => (chosen.has(rs.atOf(after, i)) ? 1 : 0));
  };

  /** The corners of a box or lasso of Plotly's event, few enough to send. */
  rs.areaOf = function ({ lassoPoints, range }) {
    const { x, y } = lassoPoints || { x: [0, 1, 1, 0].map((i) => range.x[i]), y: [0, 0, 1, 1].map((i) => range.y[i]) };
    const step = Math.ceil(x.length / MOST_CORNERS);
    const thinned = (values) => Array.from(values).filter((_, i) => i % step === 0).map(Number);
    return { x: thinned(x), y: thinned(y) };
  };

  /** The strength of the shading (0…1) for a byte of the part. */
  const strength = (byte) => (byte ? FAINTEST + (STRONGEST - FAINTEST) * (byte / 255) : 0);

  /**
   * Pictures below the points for Plotly's layout: how many reviews lie where, in one hue that no category has. frame:
   * [x low, x high, …] in sight; the closer, the fainter, since the points say it themselves there.
   */
  rs.densityImages = function ({ density, greys }, frame) {
    const { meta, arrays } = density;
    density.drawn ??= {};
    density.drawn[greys.text] ??= paint(meta, arrays.cells, greys.text);
    return [{
      source: density.drawn[greys.text], xref: "x", yref: "y", x: meta.low[0], y: meta.low[1], xanchor: "left",
      yanchor: "bottom", sizex: meta.columns * meta.cell, sizey: meta.rows * meta.cell, sizing: "stretch", layer: "below",
      opacity: CLOSE + (1 - CLOSE) * Math.min((frame[1] - frame[0]) / (meta.columns * meta.cell), 1),
    }];
  };

  function paint({ columns, rows }, cells, colour) {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [columns, rows];
    const pen = canvas.getContext("2d");
    const picture = pen.createImageData(columns, rows);
    const hue = [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16));
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        // A canvas counts rows from the top.
        const at = ((rows - 1 - row) * columns + column) * 4;
        picture.data.set([...hue, Math.round(strength(cells[row * columns + column]) * 255)], at);
      }
    }
    pen.putImageData(picture, 0, 0);
    return canvas.toDataURL();
  }

  /** What the shading means, for the legend. */
  rs.densityItem = function ({ density, greys }, words) {
    const bar = rs.element("span", { class: "rsm-shade", "aria-hidden": "true" });
    const shade = (share) => `color-mix(in srgb, ${greys.text} ${Math.round(strength(share * 255) * 100)}%, transparent)`;
    bar.style.backgroundImage = `linear-gradient(to right, ${shade(0.01)}, ${shade(1)})`;
    const text = rs.fill(words.shading, { n: rs.count(density.meta.n), most: rs.count(density.meta.fullest) });
    return rs.element("span", { class: "rsm-item rsm-wide", children: [bar, rs.element("span", { class: "rsm-name", text })] });
  };

  /** What is drawn of how many, said where not all are; "" where all are. */
  rs.drawnOf = function (points, look, drawn, words) {
    if (!points.at) return "";
    const said = { n: rs.count(drawn), m: rs.count(points.all) };
    if (look.dims === 3) return rs.fill(words.showing_deep, said);
    return rs.fill(look.density ? words.showing : words.showing_bare, said);
  };
})((globalThis.reviewscape ??= {}));
