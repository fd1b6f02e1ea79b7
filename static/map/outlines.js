// Outlines around topics on the flat map, as shapes of Plotly's: they move with the map without being drawn anew.
(function (rs) {
  "use strict";

  const STEPS = 65535;

  /** The lines of a part by pipelines/map/pack.py's outlines_part: [{topic, corners: [[x, y], …]}, …]. */
  rs.readOutlines = function ({ meta, arrays }) {
    let at = 0;
    return meta.lines.map(([topic, n]) => {
      const corners = Array.from({ length: n }, (_, i) => [
        meta.low[0] + (arrays.x[at + i] / STEPS) * meta.span[0], meta.low[1] + (arrays.y[at + i] / STEPS) * meta.span[1],
      ]);
      at += n;
      return { topic, corners };
    });
  };

  /** Shapes for a look: in the topic's colour where colours are topics, else grey. */
  rs.outlineShapes = function (look, lines) {
    const table = look.colour.isTopic ? rs.colourTable(look.colour, look.greys) : [];
    return lines.map(({ topic, corners }) => {
      const place = look.colour.isTopic ? look.colour.values.indexOf(topic) : -1;
      const color = place < 0 ? look.greys.other : table[place];
      const path = corners.map(([x, y], i) => `${i ? "L" : "M"}${x.toFixed(4)},${y.toFixed(4)}`).join("");
      return { type: "path", path: `${path}Z`, layer: "below", opacity: 0.6, line: { color, width: 1.2 }, fillcolor: "rgba(0,0,0,0)", editable: false };
    });
  };
})((globalThis.reviewscape ??= {}));
