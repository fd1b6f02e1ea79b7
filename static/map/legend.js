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

  // How many points inside the filters have each colour, how many of them are odd, and how many are outside. Where not
  // all points are drawn the server has counted all.
  function countsOf({ counts, active, index }, points) {
    if (counts) return { of: counts.categories, odd: counts.odd, outside: counts.all - counts.inside };
    const found = { of: new Array(256).fill(0), odd: 0, outside: 0 };
    for (let i = 0; i < points.n; i++) {
      if (!active[i]) { found.outside++; continue; }
      found.of[index[i]]++;
      found.odd += points.flags[i] & 1;
    }
    return found;
  }

  function categories(look, points, words, onPick) {
    const { of: counts, odd, outside } = countsOf(look, points);
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
    const { of: counts, odd } = countsOf(look, points);
    const without = counts[MISSING];
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
    if (look.density && look.dims !== 3) nodes.push(rs.densityItem(look, words));
    // A category that no point in sight has leaves no node.
    return nodes.filter(Boolean);
  };
})((globalThis.reviewscape ??= {}));
