// The view on one page, as a picture: drawn on a canvas by the reader's own browser, whose fonts know the reader's
// letters. Words go in by fillText, which parses nothing.
(function (rs) {
  "use strict";

  const [WIDTH, HEIGHT, MARGIN, SCALE] = [1000, 1414, 48, 2];
  const INNER = WIDTH - 2 * MARGIN;
  const FAMILY = 'system-ui, -apple-system, "Segoe UI", Roboto, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif';
  const [INK, SOFT, LINE, ACCENT] = ["#262730", "#5c6370", "#dfe2e7", "#2a5bd7"];
  const MISSING = 255;
  const [MOST_TOPICS, LEAST_TOPICS, LEAST_MAP] = [12, 5, 400];
  // One Chinese character, with the marks that may not begin a line; or a word with the space behind it.
  const PIECES = /[\u2e80-\u2fff\u3005-\u9fff\uac00-\ud7ff\uf900-\ufaff][\u3001\u3002\uff01\uff0c\uff1a\uff1b\uff1f\uff09\u300b\u300d\u300f\u201d\u2019\u2026]*|[^\s\u2e80-\u2fff\u3005-\u9fff\uac00-\ud7ff\uf900-\ufaff]+\s*|\s+/gu;
  const RIGHT_TO_LEFT = /^[^\p{L}]*[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]/u;

  /** A text on one line, without what would turn the words around it or is no character. */
  const clean = (text) => String(text ?? "").slice(0, 2000)
    .replace(/[\u0000-\u001f\u007f-\u009f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff]/g, " ").replace(/\s+/g, " ").trim();

  const percent = (value) => (value === null ? "–" : value.toLocaleString("en-US", { style: "percent", maximumFractionDigits: value < 0.1 ? 1 : 0 }));
  const decimal = (value, signed = false) => (value === null ? "–" : `${signed && value > 0 ? "+" : ""}${value.toFixed(2)}`.replace("-", "−"));

  class Pen {
    constructor(context) {
      this.context = context;
    }

    font(size, weight = 400) {
      this.context.font = `${weight} ${size}px ${FAMILY}`;
    }

    /** As much of a text as fits into `width`, with … where something is cut. */
    fit(text, width) {
      if (this.context.measureText(text).width <= width) return text;
      const letters = Array.from(text);
      let [low, high] = [0, letters.length];
      while (low < high) {
        const middle = Math.ceil((low + high) / 2);
        if (this.context.measureText(letters.slice(0, middle).join("").trimEnd() + "…").width <= width) low = middle;
        else high = middle - 1;
      }
      return letters.slice(0, low).join("").trimEnd() + "…";
    }

    /** A text in at most `most` lines of `width`; the last ends with … where more would follow. */
    wrap(text, { width, size, weight = 400, most }) {
      this.font(size, weight);
      const lines = [""];
      const isFull = () => lines.length > most;
      for (const piece of clean(text).match(PIECES) || []) {
        const longer = lines[lines.length - 1] + piece;
        if (this.context.measureText(longer.trimEnd()).width <= width) lines[lines.length - 1] = longer;
        else if (this.context.measureText(piece.trimEnd()).width <= width) lines.push(piece);
        else {
          // A word longer than a line is cut anywhere.
          for (const letter of Array.from(piece)) {
            if (this.context.measureText(lines[lines.length - 1] + letter).width > width) lines.push("");
            if (isFull()) break;
            lines[lines.length - 1] += letter;
          }
        }
        if (isFull()) break;
      }
      const kept = lines.filter((line, i) => line.trim() || i).slice(0, most);
      if (isFull()) kept[most - 1] = this.fit(`${kept[most - 1].trimEnd()}……`, width).replace(/…+$/, "…");
      return kept.map((line) => line.trimEnd());
    }

    say(text, x, y, { size = 14, weight = 400, colour = INK, align = "left", width = INNER } = {}) {
      this.font(size, weight);
      Object.assign(this.context, { fillStyle: colour, textAlign: align, direction: "ltr" });
      this.context.fillText(this.fit(clean(text), width), x, y);
    }

    /** Lines as `wrap` gives them; from the right where they are written so. Returns where the next could stand. */
    block(lines, x, y, { size, weight = 400, colour = INK, leading = 1.4, width }) {
      this.font(size, weight);
      const isRight = RIGHT_TO_LEFT.test(lines.join(" "));
      Object.assign(this.context, { fillStyle: colour, textAlign: isRight ? "right" : "left", direction: isRight ? "rtl" : "ltr" });
      lines.forEach((line, i) => this.context.fillText(line, isRight ? x + width : x, y + i * size * leading + size));
      return y + lines.length * size * leading;
    }

    box(x, y, width, height, colour) {
      this.context.fillStyle = colour;
      this.context.fillRect(x, y, width, height);
    }
  }

  // ---- the parts of the page; each says how high it is before it is drawn at a place

  function head(pen, { facts, words }) {
    const title = pen.wrap(facts.title, { width: INNER, size: 30, weight: 700, most: 2 });
    const counted = rs.fill(words.of_total, { n: rs.count(facts.cards.reviews), total: rs.count(facts.total) });
    const filters = facts.filters.length ? `${words.filters}: ${facts.filters.map(clean).join(" · ")}` : "";
    const about = pen.wrap([counted, facts.created, filters].filter(Boolean).join(" · "), { width: INNER, size: 15, most: 2 });
    const note = facts.note ? pen.wrap(facts.note, { width: INNER - 18, size: 15, most: 3 }) : [];
    const height = title.length * 38 + about.length * 21 + (note.length ? note.length * 21 + 14 : 0) + 14;
    return { height, draw(top) {
      let y = pen.block(title, MARGIN, top, { size: 30, weight: 700, leading: 38 / 30, width: INNER });
      y = pen.block(about, MARGIN, y, { size: 15, colour: SOFT, width: INNER });
      if (!note.length) return;
      pen.box(MARGIN, y + 8, 4, note.length * 21 + 2, ACCENT);
      pen.block(note, MARGIN + 18, y + 6, { size: 15, width: INNER - 18 });
    } };
  }

  function figures(pen, { facts, words }) {
    const told = [
      [words.reviews, rs.count(facts.cards.reviews)], [words.topics, rs.count(facts.cards.topics)],
      [words.coverage, percent(facts.cards.coverage)], [words.stability, decimal(facts.stability)],
      ...(facts.cards.mean_rating === null ? [] : [[words.mean_rating, decimal(facts.cards.mean_rating)]]),
      [words.mean_sentiment, decimal(facts.cards.mean_sentiment, true)],
    ];
    const step = INNER / told.length;
    return { height: 66, draw(top) {
      told.forEach(([label, value], i) => {
        pen.say(label, MARGIN + i * step, top + 14, { size: 12, colour: SOFT, width: step - 12 });
        pen.say(value, MARGIN + i * step, top + 42, { size: 24, weight: 600, width: step - 12 });
      });
    } };
  }

  /** What the colours mean, where they are not the topics of the table. */
  function legend(pen, { colour, facts, words }) {
    if (colour.isTopic) return { height: 0, draw() {} };
    const table = rs.colourTable(colour, facts.greys.light);
    const title = facts.colours[0].title;
    if (colour.kind !== "categorical") {
      const end = (value) => (colour.isDate ? new Date(value * 864e5).toISOString().slice(0, 10) : String(Math.round(value * 100) / 100).replace("-", "−"));
      return { height: 26, draw(top) {
        pen.say(title, MARGIN, top + 17, { size: 13, weight: 600, width: 300 });
        for (let i = 0; i < 200; i++) pen.box(MARGIN + 420 + i * 1.5, top + 7, 2, 12, rs.onScale(colour.colours, i / 199));
        pen.say(end(colour.low), MARGIN + 410, top + 17, { size: 13, align: "right", width: 100 });
        pen.say(end(colour.high), MARGIN + 732, top + 17, { size: 13, width: 100 });
      } };
    }
    const rows = [];
    let x = WIDTH;
    pen.font(13);
    colour.labels.forEach((label, i) => {
      const text = pen.fit(clean(rs.categoryName(colour.column, label, words)) || words.no_value, 180);
      const width = pen.context.measureText(text).width + 40;
      if (x + width > WIDTH - MARGIN) { rows.push([]); x = MARGIN; }
      rows[rows.length - 1].push({ x, text, colour: table[i] });
      x += width;
    });
    const shown = rows.slice(0, 2);
    return { height: 26 + shown.length * 20, draw(top) {
      pen.say(title, MARGIN, top + 17, { size: 13, weight: 600, width: INNER });
      shown.forEach((row, i) => row.forEach((one) => {
        pen.box(one.x, top + 27 + i * 20, 12, 12, one.colour);
        pen.say(one.text, one.x + 18, top + 38 + i * 20, { size: 13, width: 190 });
      }));
    } };
  }

  /** The places that the frame shows, both axes on one scale: the view's own zoom, or every point. */
  function framed(facts, points, width, height) {
    const kept = facts.dims === 2 && facts.camera?.flat?.length === 4 ? facts.camera.flat : rs.homeFrame(points);
    const [x, y] = [[kept[0], kept[1]], [kept[2], kept[3]]];
    const scale = Math.max((x[1] - x[0]) / width, (y[1] - y[0]) / height, 1e-9);
    const around = ([low, high], size) => [(low + high - size * scale) / 2, (low + high + size * scale) / 2];
    return { x: around(x, width), y: around(y, height), width, height };
  }

  function map(pen, page, height) {
    const { facts, points, part, colour, words } = page;
    const { context } = pen;
    const active = rs.readBits(part.arrays.mask, points.n);
    const selected = new Uint8Array(points.n);
    for (const i of part.arrays.selection || []) selected[i] = 1;
    const index = part.arrays.colour0;
    const table = rs.colourTable(colour, facts.greys.light);
    const radius = points.n <= 600 ? 4.2 : points.n <= 3000 ? 3.2 : points.n <= 12000 ? 2.3 : points.n <= 60000 ? 1.5 : 1.1;
    // What says least lies below: outside the filters, without a value, the rest, what was selected.
    const layers = [[], [], [], []];
    for (let i = 0; i < points.n; i++) layers[!active[i] ? 0 : selected[i] ? 3 : index[i] === MISSING ? 1 : 2].push(i);
    return { height, draw(top) {
      const frame = framed(facts, points, INNER, height);
      const place = (i) => [
        ((points.x2[i] - frame.x[0]) / (frame.x[1] - frame.x[0])) * INNER, ((frame.y[1] - points.y2[i]) / (frame.y[1] - frame.y[0])) * height,
      ];
      context.save();
      context.translate(MARGIN, top);
      context.beginPath();
      context.rect(0, 0, INNER, height);
      context.clip();
      layers.forEach((layer, which) => {
        context.globalAlpha = which === 0 ? 0.6 : layers[3].length && which < 3 ? 0.35 : 0.85;
        for (const i of layer) {
          const [x, y] = place(i);
          const size = which === 3 ? radius * 1.25 : radius;
          context.fillStyle = which ? table[index[i]] : facts.greys.light.faint;
          context.beginPath();
          // As on the map: odd reviews have a shape of their own.
          if (which && points.flags[i] & 1) {
            context.moveTo(x, y - size * 1.5); context.lineTo(x + size * 1.5, y); context.lineTo(x, y + size * 1.5); context.lineTo(x - size * 1.5, y);
            context.closePath();
          } else context.arc(x, y, size, 0, 2 * Math.PI);
          context.fill();
          if (which === 3) { context.strokeStyle = INK; context.lineWidth = 0.8; context.stroke(); }
        }
      });
      context.globalAlpha = 1;
      const labels = facts.labels.map((label) => ({ ...label, name: clean(label.name) || words.no_topic }));
      for (const { text, box } of rs.placeLabels(labels, frame, { family: FAMILY, max: 30 })) {
        pen.box(box.left, box.top, box.right - box.left, box.bottom - box.top, "rgba(255,255,255,0.78)");
        pen.say(text, (box.left + box.right) / 2, (box.top + box.bottom) / 2 + 4.5, { size: 13, weight: 600, align: "center" });
      }
      context.restore();
      Object.assign(context, { strokeStyle: LINE, lineWidth: 1 });
      context.strokeRect(MARGIN, top, INNER, height);
    } };
  }

  function split(pen, { facts, words }) {
    const parts = ["negative", "neutral", "positive"].map((label, i) => ({ label: words[label], n: facts.split[label] || 0, colour: rs.onScale(facts.scales.light, i / 2) }));
    const sum = parts.reduce((all, one) => all + one.n, 0);
    if (!sum) return { height: 0, draw() {} };
    return { height: 64, draw(top) {
      pen.say(words.sentiment_title, MARGIN, top + 16, { size: 15, weight: 600 });
      let x = MARGIN;
      parts.forEach((one, i) => {
        const width = (one.n / sum) * INNER;
        pen.box(x, top + 24, width, 14, one.colour);
        x += width;
        const at = [MARGIN, WIDTH / 2, WIDTH - MARGIN][i];
        pen.say(`${one.label} ${percent(one.n / sum)} (${rs.count(one.n)})`, at, top + 55, { size: 13, colour: SOFT, align: ["left", "center", "right"][i], width: INNER / 3 });
      });
    } };
  }

  function table(pen, page, most) {
    const { facts, words, colour } = page;
    const effects = new Map(facts.moves.rows.map((row) => [row.id, row]));
    const all = facts.topics.filter((topic) => topic.id >= 0);
    const rest = facts.topics.filter((topic) => topic.id < 0);
    const shown = [...all.slice(0, most), ...rest];
    const more = all.length - Math.min(most, all.length);
    const outcome = facts.moves.outcome === "sentiment" ? words.moves_sentiment : words.moves_rating;
    const colours = rs.colourTable(colour, facts.greys.light);
    const columns = [
      [words.reviews, 410, (topic) => rs.count(topic.reviews)], [words.share, 480, (topic) => percent(topic.share)],
      ...(facts.hasRating ? [[words.stars, 550, (topic) => decimal(topic.rating)]] : []),
      [words.sentiment, 630, (topic) => decimal(topic.sentiment, true)],
      ...(facts.moves.rows.some((row) => row.effect !== null) ? [[outcome, 820, (topic) => effect(effects.get(topic.id))]] : []),
      [words.stability, INNER, (topic) => decimal(topic.stability)],
    ];
    return { height: 26 + shown.length * 22 + (more ? 20 : 0) + 10, draw(top) {
      pen.say(words.topic, MARGIN, top + 14, { size: 12, weight: 600, colour: SOFT, width: 300 });
      let before = 330;
      for (const [title, at] of columns) {
        pen.say(title, MARGIN + at, top + 14, { size: 12, weight: 600, colour: SOFT, align: "right", width: at - before - 6 });
        before = at;
      }
      shown.forEach((topic, i) => {
        const y = top + 26 + i * 22;
        pen.box(MARGIN, y - 4, INNER, 1, LINE);
        const own = colour.values.indexOf(topic.id);
        if (colour.isTopic) pen.box(MARGIN, y + 3, 10, 10, topic.id < 0 ? facts.greys.light.missing : own < 0 ? facts.greys.light.other : colours[own]);
        const left = colour.isTopic ? 18 : 0;
        pen.say(topic.id < 0 ? words.no_topic : topic.name, MARGIN + left, y + 13, { size: 14, weight: topic.id < 0 ? 400 : 600, width: 340 - left });
        for (const [, at, value] of columns) pen.say(value(topic), MARGIN + at, y + 13, { size: 13, align: "right", width: 200 });
      });
      if (more) pen.say(rs.fill(words.more_topics, { n: rs.count(more) }), MARGIN, top + 26 + shown.length * 22 + 12, { size: 12, colour: SOFT });
    } };
  }

  function effect(row) {
    if (!row || row.effect === null) return "–";
    return `${decimal(row.effect, true)} (${decimal(row.low, true)} … ${decimal(row.high, true)})`;
  }

  function voices(pen, { facts, words }, most, lines) {
    const shown = facts.voices.slice(0, most).map((one) => {
      const beside = [one.rating === null ? "" : rs.fill(words.of_five, { n: String(one.rating) }), one.topic || words.no_topic, one.date].filter(Boolean);
      return { text: pen.wrap(one.text, { width: INNER - 18, size: 14, most: lines }), beside: beside.map(clean).join(" · ") };
    });
    const heights = shown.map((one) => one.text.length * 19.6 + 28);
    return { height: shown.length ? 26 + heights.reduce((all, one) => all + one, 0) : 0, draw(top) {
      if (!shown.length) return;
      pen.say(facts.voices_are === "quotes" ? words.quotes_title : words.typical, MARGIN, top + 16, { size: 15, weight: 600 });
      let y = top + 26;
      shown.forEach((one, i) => {
        pen.box(MARGIN, y + 2, 3, heights[i] - 12, ACCENT);
        const next = pen.block(one.text, MARGIN + 18, y, { size: 14, width: INNER - 18 });
        pen.say(one.beside, MARGIN + 18, next + 13, { size: 12, colour: SOFT, width: INNER - 18 });
        y += heights[i];
      });
    } };
  }

  function foot(pen, { facts, words }) {
    const lines = pen.wrap(`${words.made_title}: ${facts.made_line}`, { width: INNER, size: 11, most: 2 });
    return { height: lines.length * 15.4 + 6, draw(top) { pen.block(lines, MARGIN, top + 4, { size: 11, colour: SOFT, width: INNER }); } };
  }

  /** The page as a canvas. facts: what the report knows; part: places, mask and the first colour (pipelines/map/pack.py). */
  rs.picture = function (facts, part) {
    const canvas = document.createElement("canvas");
    // Which forms of Chinese characters a font gives depends on it.
    canvas.lang = facts.language;
    [canvas.width, canvas.height] = [WIDTH * SCALE, HEIGHT * SCALE];
    const context = canvas.getContext("2d");
    context.scale(SCALE, SCALE);
    const pen = new Pen(context);
    pen.box(0, 0, WIDTH, HEIGHT, "#ffffff");
    const page = { facts, words: facts.words, part, points: rs.readPoints(part), colour: facts.colours[0].light };
    const fixed = [head, figures, legend, split, foot].map((make) => make(pen, page));
    const room = HEIGHT - 2 * MARGIN - 30 - fixed.reduce((all, one) => all + one.height, 0);
    // The map has what is left; where that is little, fewer topics and shorter quotes are named.
    let [topics, quotes, lines] = [MOST_TOPICS, 3, 3];
    let [rows, said] = [];
    for (;;) {
      rows = table(pen, page, topics);
      said = voices(pen, page, quotes, lines);
      if (room - rows.height - said.height >= LEAST_MAP) break;
      if (lines > 2) lines--;
      else if (topics > LEAST_TOPICS) topics--;
      else if (quotes > 1) quotes--;
      else break;
    }
    const [top, numbers, key, feelings, bottom] = fixed;
    let y = MARGIN;
    for (const one of [top, numbers, map(pen, page, Math.max(room - rows.height - said.height, 200)), key, feelings, rows, said]) {
      one.draw(y);
      y += one.height + (one.height ? 5 : 0);
    }
    bottom.draw(HEIGHT - MARGIN - bottom.height + 12);
    return canvas;
  };

  /** The canvas as a PNG file that the browser saves. Resolves with its size in bytes. */
  rs.savePicture = async function (canvas, name) {
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    return blob.size;
  };

  /** A file's name for a title, as pages/ui/files.py makes it. */
  rs.pictureName = (title) => `${Array.from(clean(title)).map((one) => (/[\p{L}\p{N}_ -]/u.test(one) ? one : "_")).join("").trim().slice(0, 60) || "reviewscape"}.png`;
})((globalThis.reviewscape ??= {}));
