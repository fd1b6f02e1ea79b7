// What the colours mean: categories with counts, or a colour bar. Text goes in as text only.
(function (rs) {
  "use strict";

  const OTHER = 254;
  const MISSING = 255;

  /** A new element with attributes, a class and text or children. */
  rs.element = function (tag, { text, children = [], ...attributes } = {}) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name === "class") node.className = value;
      else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
      else if (value !== undefined && value !== null && value !== false) node.setAttribute(name, value);
    }
    if (text !== undefined) node.textContent = text;
    node.append(...children.filter(Boolean));
    return node;
  };

  rs.fill = function (template, values) {
    return template.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
  };

  rs.count = (number) => number.toLocaleString("en-US");

  // Colours whose categories are words of ours, and those that are about topics.
  const OURS = new Set(["sentiment_label", "belonging"]);
  const OF_TOPICS = new Set(["belonging", "stability"]);

  /** A category's name as a person reads it. */
  rs.categoryName = (column, name, words) => (OURS.has(column) ? words[name] || name : name);

  function swatch(colour, shape = "") {
    const node = rs.element("span", { class: `rsm-swatch ${shape}`, "aria-hidden": "true" });
    node.style.backgroundColor = colour;
    return node;
  }

  const missing = (colour, words) => (colour.isTopic || OF_TOPICS.has(colour.column) ? words.no_topic : words.no_value);

  // Only the dashboard makes a filter of any category; colours that follow from others are no column, and so no filter.
  const isFilter = ({ colour, picks }) => colour.isTopic || (picks && !OF_TOPICS.has(colour.column));

  function categories(look, points, words, onPick) {
    const counts = new Array(256).fill(0);
    let odd = 0;
    let outside = 0;
    for (let i = 0; i < points.n; i++) {
      if (!look.active[i]) { outside++; continue; }
      counts[look.index[i]]++;
      odd += points.flags[i] & 1;
    }
    const table = rs.colourTable(look.colour, look.greys);
    const pickable = isFilter(look);
    const item = (mark, name, n, picked) => {
      const inside = [mark, rs.element("span", { class: "rsm-name", text: name, title: name, dir: "auto" }),
        rs.element("span", { class: "rsm-count", text: rs.count(n) })];
      return picked === undefined || !pickable
        ? rs.element("span", { class: "rsm-item", children: inside })
        : rs.element("button", { class: "rsm-item", type: "button", children: inside, onclick: () => onPick(picked) });
    };
    const isTopic = look.colour.isTopic;
    const items = look.colour.labels.map((name, place) => {
      const shown = rs.categoryName(look.colour.column, name, words);
      return counts[place] ? item(swatch(table[place]), shown, counts[place], look.colour.values?.[place]) : null;
    });
    if (counts[OTHER]) items.push(item(swatch(look.greys.other), isTopic ? words.other_topics : words.other, counts[OTHER]));
    if (counts[MISSING]) items.push(item(swatch(look.greys.missing), missing(look.colour, words), counts[MISSING], isTopic ? -1 : ""));
    if (odd) items.push(item(swatch("transparent", "rsm-odd"), words.outlier, odd));
    if (outside) items.push(item(swatch(look.greys.faint), words.filtered, outside));
    return items;
  }

  function ends(colour, words) {
    const { low, high, column } = colour;
    if (words[`${column}_low`]) return [words[`${column}_low`], words[`${column}_high`]];
    if (colour.isDate) return [low, high].map((day) => new Date(day * 864e5).toISOString().slice(0, 10));
    const digits = high - low >= 100 ? 0 : high - low >= 10 ? 1 : 2;
    const write = (value) => (Number.isInteger(value) ? value.toLocaleString("en-US") : value.toFixed(digits)).replace("-", "−");
    return [low, (low + high) / 2, high].map(write);
  }

  function bar(look, points, words) {
    const gradient = rs.element("span", { class: "rsm-bar", "aria-hidden": "true" });
    gradient.style.backgroundImage = `linear-gradient(to right, ${look.colour.colours.join(", ")})`;
    const ticks = rs.element("span", { class: "rsm-ticks", children: ends(look.colour, words).map((text) => rs.element("span", { text })) });
    const items = [rs.element("span", { class: "rsm-scale", children: [gradient, ticks] })];
    let without = 0;
    let odd = 0;
    for (let i = 0; i < points.n; i++) {
      if (!look.active[i]) continue;
      without += look.index[i] === MISSING ? 1 : 0;
      odd += points.flags[i] & 1;
    }
    const counted = (mark, name, n) => rs.element("span", {
      class: "rsm-item",
      children: [mark, rs.element("span", { class: "rsm-name", text: name }), rs.element("span", { class: "rsm-count", text: rs.count(n) })],
    });
    if (without) items.push(counted(swatch(look.greys.missing), missing(look.colour, words), without));
    if (odd) items.push(counted(swatch("transparent", "rsm-odd"), words.outlier, odd));
    return items;
  }

  /** The legend's nodes. onPick is called with the value of a category: a topic's id where the colour is the topic. */
  rs.legend = function (look, points, words, onPick) {
    const nodes = look.colour.kind === "categorical" ? categories(look, points, words, onPick) : bar(look, points, words);
    // A category that no point in sight has leaves no node.
    return nodes.filter(Boolean);
  };
})((globalThis.reviewscape ??= {}));
