// Topic names on the map: which are shown and where, so that none covers another.
(function (rs) {
  "use strict";

  const MAX_UNITS = 26;
  const FONT_PX = 13;
  const THEME_FONT_PX = 17;
  let pen = null;

  /** Text for Plotly, which reads tags, entities and %{…}: shown as it is written. */
  rs.plain = function (text) {
    return String(text).replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069]/g, " ")
      .replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/%\{/g, "%&#123;");
  };

  /** At most about 26 Latin letters wide; a Chinese character counts as two. */
  rs.shorten = function (text, units = MAX_UNITS) {
    let used = 0;
    let short = "";
    for (const character of String(text)) {
      used += /[\u1100-\u11ff\u2e80-\ua4cf\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\u{1f300}-\u{1faff}]/u.test(character) ? 2 : 1;
      if (used > units) return short.trimEnd() + "…";
      short += character;
    }
    return short;
  };

  const sizeOf = (label) => (label.isTheme ? THEME_FONT_PX : FONT_PX);

  function widthOf(text, family, px = FONT_PX) {
    pen ??= document.createElement("canvas").getContext("2d");
    pen.font = `600 ${px}px ${family}`;
    return pen.measureText(text).width;
  }

  function overlaps(a, b) {
    return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  }

  /**
   * The labels that fit, in their order (largest topic first).
   * labels: [{id, name, n, at: [x2, y2, …], isTheme}]. frame: {x: [low, high], y: [low, high], width, height} in data units
   * and pixels. A label outside the frame is left out; one that would cover a larger topic's is moved up or down
   * once and then left out.
   */
  rs.placeLabels = function (labels, frame, { family, max }) {
    const taken = [];
    const placed = [];
    for (const label of labels) {
      if (placed.length >= max) break;
      const left = ((label.at[0] - frame.x[0]) / (frame.x[1] - frame.x[0])) * frame.width;
      const top = ((frame.y[1] - label.at[1]) / (frame.y[1] - frame.y[0])) * frame.height;
      if (left < 0 || left > frame.width || top < 0 || top > frame.height) continue;
      const text = rs.shorten(label.name);
      const px = sizeOf(label);
      const half = widthOf(text, family, px) / 2 + 5;
      // A name that would stick out is pushed back inside.
      const pushed = half * 2 > frame.width ? 0 : Math.max(half - left, 0) + Math.min(frame.width - half - left, 0);
      for (const shift of [0, -px * 1.7, px * 1.7]) {
        const middle = Math.min(Math.max(top + shift, px), frame.height - px);
        const box = {
          left: left + pushed - half, right: left + pushed + half,
          top: middle - px * 0.85, bottom: middle + px * 0.85,
        };
        if (taken.some((other) => overlaps(box, other))) continue;
        taken.push(box);
        placed.push({ label, text, box, xshift: pushed, yshift: top - middle });
        break;
      }
    }
    return placed;
  };

  /** One label as an annotation of Plotly's, place left out. Its name is the topic's id, or the theme's. */
  rs.annotation = function ({ label, text, xshift = 0, yshift = 0 }, look, family) {
    return {
      name: `${label.isTheme ? "theme " : ""}${label.id}`, text: rs.plain(text), xshift, yshift, showarrow: false, borderpad: 1,
      bgcolor: look.dark ? "rgba(14,17,23,0.66)" : "rgba(255,255,255,0.72)",
      font: { size: sizeOf(label), weight: label.isTheme ? 700 : 600, color: look.greys.text, family },
    };
  };

  /** Names of the largest topics in 3D. shown: whether each is to be seen (undefined: all, until it is known). */
  rs.labels3d = function (labels, look, { family, max, shown }) {
    return labels.slice(0, max).map((label, i) => {
      const annotation = rs.annotation({ label, text: rs.shorten(label.name) }, look, family);
      // Plotly keeps reckoning where a hidden name would be, so that it can come back when the scene is turned.
      const isShown = !shown || shown[i];
      return {
        ...annotation, opacity: isShown ? 1 : 0,
        x: label.at[2], y: label.at[3], z: label.at[4],
      };
    });
  };

  /** The boxes of 3D names that are free of those of larger topics, else null. places: [x, y] in pixels, or null. */
  rs.freeBoxes = function (labels, places, family) {
    const taken = [];
    return places.map((place, i) => {
      if (!place) return null;
      const half = widthOf(rs.shorten(labels[i].name), family) / 2 + 3;
      const box = { left: place[0] - half, right: place[0] + half, top: place[1] - FONT_PX * 0.85, bottom: place[1] + FONT_PX * 0.85 };
      if (taken.some((other) => overlaps(box, other))) return null;
      taken.push(box);
      return box;
    });
  };
})((globalThis.reviewscape ??= {}));
