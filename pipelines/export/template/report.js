// The report: reads its own data, builds the page, and joins map, topic table and list of reviews.
(function (rs) {
  "use strict";

  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const node = (tag, name, children = [], more = {}) => rs.element(tag, { class: name, children, ...more });
  const percent = (value) => (value === null ? "–" : value.toLocaleString("en-US", { style: "percent", maximumFractionDigits: value < 0.1 ? 1 : 0 }));
  const decimal = (value, signed = false) => (value === null ? "–" : `${signed && value > 0 ? "+" : ""}${value.toFixed(2)}`.replace("-", "−"));

  const facts = read("report_data");
  const { words } = facts;
  const part = rs.unpack(rs.fromBase64(read("report_points")));
  const points = { ...rs.readPoints(part), ...pick(part.arrays, ["topic", "sentiment", "rating", "day"]) };
  const names = new Map([...facts.labels, ...facts.topics].map((topic) => [topic.id, topic.name]));
  const report = {
    words, points, texts: null, textNote: words.no_text, active: rs.readBits(part.arrays.mask, points.n),
    topicName: (id) => names.get(id) || words.no_topic,
  };
  const state = { colour: 0, dims: facts.dims, dark: matchMedia("(prefers-color-scheme: dark)").matches };
  const mapRoot = rs.element("div", { id: "map" });
  let view = null;

  function pick(from, wanted) {
    return Object.fromEntries(wanted.filter((name) => from[name]).map((name) => [name, from[name]]));
  }

  const theme = () => (state.dark ? "dark" : "light");

  function look() {
    const colour = facts.colours[state.colour][theme()];
    return {
      colour, greys: facts.greys[theme()], dims: state.dims, dark: state.dark, labels: facts.labels,
      index: part.arrays[`colour${state.colour}`], active: report.active,
    };
  }

  const draw = (more = {}) => view.update({ points, look: look(), ...more });

  // ---- the panel beside the map: topics, or the reviews of what was clicked, lassoed or searched

  const panel = node("section", "panel", [], { id: "panel", "aria-live": "polite", tabindex: "-1" });

  function showTopics() {
    panel.replaceChildren(node("h2", "", [], { text: words.topics }), topicTable());
    panel.dataset.shows = "topics";
  }

  function showReviews(title, positions, about) {
    const back = node("button", "link", [], { type: "button", text: `‹ ${words.close}`, onclick: () => { view.select(null); showTopics(); } });
    panel.replaceChildren(
      back, node("h2", "", [], { text: `${title} · ${rs.count(positions.length)}`, dir: "auto" }),
      ...(about ? [node("p", "about", [], { text: about, dir: "auto" })] : []), rs.reviewList(report, positions),
    );
    panel.dataset.shows = "reviews";
    if (matchMedia("(max-width: 900px)").matches) panel.scrollIntoView({ behavior: "smooth", block: "start" });
  }

  function openTopic(id) {
    const positions = [];
    for (let i = 0; i < points.n; i++) if (report.active[i] && points.topic[i] === id + 1) positions.push(i);
    const topic = facts.topics.find((one) => one.id === id);
    const keywords = topic?.keywords.length ? rs.fill(words.keywords, { words: topic.keywords.join(", ") }) : "";
    view.select(positions);
    showReviews(report.topicName(id), positions, keywords);
  }

  function topicTable() {
    const columns = [
      [words.topic, (topic) => topicButton(topic), "name"],
      [words.reviews, (topic) => rs.count(topic.reviews)],
      ...(facts.hasMentions ? [[words.mentions, (topic) => rs.count(topic.mentions), "", words.mentions_about]] : []),
      [words.share, (topic) => shareBar(topic.share)],
      ...(facts.hasRating ? [[words.stars, (topic) => decimal(topic.rating)]] : []),
      [words.sentiment, (topic) => decimal(topic.sentiment, true)],
      [words.stability, (topic) => decimal(topic.stability), "", words.stability_about],
    ];
    const cell = (tag, content, name) => node(tag, name || "", content instanceof Node ? [content] : [], content instanceof Node ? {} : { text: content });
    const head = columns.map(([title, , name, about]) => {
      const header = cell("th", title, name);
      header.scope = "col";
      if (about) header.title = about;
      return header;
    });
    const body = facts.topics.map((topic) => node("tr", "", columns.map(([, value, name]) => cell("td", value(topic), name))));
    return node("div", "scroll", [node("table", "topics", [node("thead", "", [node("tr", "", head)]), node("tbody", "", body)])]);
  }

  function topicButton(topic) {
    return node("button", "link topic", [], {
      type: "button", dir: "auto", text: topic.id < 0 ? words.no_topic : topic.name, onclick: () => openTopic(topic.id),
      "data-topic": topic.id, title: topic.keywords.join(", ") || null,
    });
  }

  function shareBar(share) {
    const bar = node("span", "share", [], { text: percent(share) });
    const most = Math.max(...facts.topics.map((topic) => topic.share || 0), 1e-9);
    bar.style.backgroundSize = `${Math.round(((share || 0) / most) * 100)}% 100%`;
    return bar;
  }

  // ---- head of the page

  function header() {
    const toggle = node("button", "round", [], { type: "button", text: "◐", title: words.dark, "aria-label": words.dark, onclick: () => { state.dark = !state.dark; paint(); } });
    const picture = node("button", "", [], {
      type: "button", text: words.picture, title: words.picture_about, id: "picture",
      onclick: () => rs.savePicture(rs.picture(facts, part), rs.pictureName(facts.title)),
    });
    const cards = [
      [words.reviews, rs.count(facts.cards.reviews)], [words.topics, rs.count(facts.cards.topics)],
      [words.coverage, percent(facts.cards.coverage)],
      ...(facts.cards.mean_rating === null ? [] : [[words.mean_rating, decimal(facts.cards.mean_rating)]]),
      [words.mean_sentiment, decimal(facts.cards.mean_sentiment, true)],
    ];
    return [
      node("header", "", [node("div", "", [node("h1", "", [], { text: facts.title, dir: "auto" }), node("p", "about", [], { text: facts.created })]), node("div", "buttons", [picture, toggle])]),
      facts.filters.length ? node("p", "filters", [
        node("span", "", [], { text: words.filters }), ...facts.filters.map((text) => node("span", "chip", [], { text, dir: "auto" })),
      ]) : null,
      facts.note ? node("blockquote", "note", [], { text: facts.note, dir: "auto", title: words.note }) : null,
      node("dl", "cards", cards.map(([label, value]) => node("div", "card", [node("dt", "", [], { text: label }), node("dd", "", [], { text: value })]))),
      facts.spot ? node("p", "about", [], { text: facts.spot, title: words.spot, id: "spot" }) : null,
      ...facts.warnings.map((text) => node("p", "warning", [], { text, dir: "auto" })),
      facts.findings.length ? node("section", "findings", [
        node("h2", "", [], { text: words.findings }),
        node("ul", "", facts.findings.map(({ text, topic }) => node("li", "", [
          topic === null ? node("span", "", [], { text, dir: "auto" })
            : node("button", "link", [], { type: "button", text, dir: "auto", onclick: () => { openTopic(topic); panel.scrollIntoView({ behavior: "smooth", block: "nearest" }); } }),
        ]))),
      ]) : null,
    ];
  }

  // ---- the map and its controls

  function controls() {
    const colour = node("select", "", facts.colours.map((one, i) => rs.element("option", { value: i, text: one.title })), {
      onchange: (event) => { state.colour = Number(event.target.value); draw(); }, id: "colour",
    });
    const dims = [[2, words.two], [3, words.three]].map(([value, text]) => node("button", "", [], {
      type: "button", text, "aria-pressed": String(state.dims === value), "data-dims": value,
      onclick: () => { state.dims = value; pressDims(); draw(); },
    }));
    const box = node("input", "", [], { type: "search", placeholder: words.search, "aria-label": words.search, id: "words" });
    const search = node("form", "search", [box, node("button", "", [], { type: "submit", text: words.search_go })], {
      onsubmit: (event) => { event.preventDefault(); find(box.value.trim()); },
    });
    return node("div", "controls", [
      node("label", "", [node("span", "", [], { text: words.colour }), colour]),
      node("div", "segmented", dims, { role: "group", "aria-label": words.map_title }), facts.hasText ? search : null,
    ]);
  }

  function pressDims() {
    document.querySelectorAll("[data-dims]").forEach((button) => button.setAttribute("aria-pressed", String(Number(button.dataset.dims) === state.dims)));
  }

  function find(query) {
    if (!query) {
      view.select(null);
      return showTopics();
    }
    if (!report.texts) return undefined;
    const positions = rs.findWords(report.texts, report.active, query);
    view.select(positions);
    return showReviews(rs.fill(words.found, { words: query }), positions);
  }

  function onMapEvent(event) {
    if (event.kind === "topic") openTopic(event.topic);
    else if (event.kind === "selected" && event.positions.length) showReviews(words.selected_reviews, Array.from(event.positions));
    else if (event.kind === "selected") showTopics();
  }

  // ---- sections below

  const chart = () => node("div", "chart");
  const charts = { histogram: chart(), stars: chart(), byTopic: chart(), periods: chart() };

  function sections() {
    const { sentiment } = facts;
    const titled = (title, inner) => (inner ? node("figure", "", [node("figcaption", "", [], { text: title }), inner]) : null);
    return [
      facts.quotes.length ? node("section", "", [
        node("h2", "", [], { text: `${words.quotes_title} · ${rs.count(facts.quotes.length)}` }), quoteList,
      ], { id: "quotes" }) : null,
      node("section", "", [
        node("h2", "", [], { text: words.sentiment_title }),
        node("div", "charts", [
          titled(words.sentiment_about, charts.histogram), titled(words.rating_title, sentiment.stars.length ? charts.stars : null),
          titled(words.by_topic, sentiment.by_topic.length ? charts.byTopic : null),
          titled(words.over_time, sentiment.periods.length > 1 ? charts.periods : null),
        ]),
      ], { id: "sentiment" }),
      facts.moves.rows.length ? node("section", "", [
        node("h2", "", [], { text: words.moves_title }), node("p", "about", [], { text: words.moves_about }), movesTable(),
      ], { id: "moves" }) : null,
      facts.odd.length ? node("section", "", [
        node("h2", "", [], { text: `${words.odd_title} · ${rs.count(facts.odd.length)}` }),
        node("p", "about", [], { text: words.odd_about }), oddList,
      ], { id: "odd" }) : null,
      facts.duplicates.length ? node("section", "", [
        node("h2", "", [], { text: `${words.duplicates_title} · ${rs.count(facts.duplicates.length)}` }),
        node("p", "about", [], { text: words.duplicates_about }), duplicateList,
      ], { id: "duplicates" }) : null,
      node("section", "", [node("details", "", [
        node("summary", "", [], { text: words.made_title }),
        node("dl", "made", facts.made.flatMap(([label, value]) => [node("dt", "", [], { text: label }), node("dd", "", [], { text: value, dir: "auto" })])),
      ])], { id: "made" }),
      node("footer", "", [node("p", "", [], { text: words.offline })]),
    ];
  }

  /** Impact and trend, a row a topic; its name opens its reviews. */
  function movesTable() {
    const { outcome, rows } = facts.moves;
    const signed = (value) => decimal(value, true);
    const heads = [words.topic, words.reviews, outcome === "sentiment" ? words.moves_sentiment : words.moves_rating, words.moves_verdict, words.moves_trend, ""];
    const head = heads.map((text, i) => node("th", ["name", "", "", "said", "", "said"][i], [], { text, scope: "col" }));
    const body = rows.map((row) => node("tr", "", [
      node("td", "name", [node("button", "link", [], { type: "button", dir: "auto", text: row.name, onclick: () => { openTopic(row.id); mapRoot.scrollIntoView({ behavior: "smooth", block: "nearest" }); } })]),
      node("td", "", [], { text: rs.count(row.reviews) }),
      node("td", "", [], { text: row.effect === null ? "–" : `${signed(row.effect)} (${signed(row.low)} … ${signed(row.high)})` }),
      node("td", "said", [], { text: row.corner || "–" }),
      node("td", "", row.line.length > 1 ? [spark(row.line)] : [], {}),
      node("td", "said", [], { text: row.trend ? `${row.trend} · ${percent(row.early)} → ${percent(row.late)}` : "–" }),
    ]));
    return node("div", "scroll", [node("table", "moves", [node("thead", "", [node("tr", "", head)]), node("tbody", "", body)])]);
  }

  function spark(line) {
    const [width, height, most] = [90, 22, Math.max(...line, 1e-9)];
    const make = (tag, attributes) => {
      const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
      for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
      return made;
    };
    const at = line.map((value, i) => `${((i / (line.length - 1)) * width).toFixed(1)},${(height - 2 - (value / most) * (height - 4)).toFixed(1)}`);
    const drawn = make("svg", { class: "spark", width, height, viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" });
    drawn.append(make("polyline", { points: at.join(" "), fill: "none", stroke: "currentColor", "stroke-width": 1.6 }));
    return drawn;
  }

  const quoteList = node("div", "stack");
  const oddList = node("div", "stack");

  function quoted({ i, text, topic, rating, date, row, inside }) {
    const beside = [
      rating === null ? "" : rs.fill(words.of_five, { n: String(rating) }), topic || words.no_topic, date, rs.fill(words.row, { n: rs.count(row) }),
    ];
    const onMap = node("button", "link", [], {
      type: "button", text: words.on_map, onclick: () => { view.select([i]); showReviews(words.quotes_title, [i]); mapRoot.scrollIntoView({ behavior: "smooth", block: "nearest" }); },
    });
    return node("blockquote", "review quote", [
      node("p", "text", [], { text, dir: "auto" }),
      node("p", "facts", [node("span", "", [], { text: beside.filter(Boolean).join(" · ") + " ", dir: "auto" }), inside ? onMap : null].filter(Boolean)),
    ]);
  }
  const duplicateList = node("div", "stack");

  function folded(list, rows, build, first = 5) {
    const shown = rows.slice(0, first).map(build);
    const rest = rows.slice(first);
    const more = rest.length ? node("button", "", [], {
      type: "button", text: `+ ${rs.count(rest.length)}`, onclick: () => more.replaceWith(...rest.map(build)),
    }) : null;
    list.replaceChildren(...shown, ...(more ? [more] : []));
  }

  function textLists() {
    folded(quoteList, facts.quotes, quoted, 10);
    folded(oddList, facts.odd, ({ i, score, reason, near }) => rs.reviewNode(report, i, [
      node("p", "reason", [], { text: `${words.oddness} ${decimal(score)} · ${reason}` }),
      near.length && report.texts ? node("details", "", [
        node("summary", "", [], { text: words.nearest }),
        ...near.map(([other, alike]) => rs.reviewNode(report, other, [node("p", "reason", [], { text: rs.fill(words.similarity, { n: percent(alike) }) })])),
      ]) : null,
    ]));
    folded(duplicateList, facts.duplicates, ({ n, users, days, burst, units }) => rs.reviewNode(report, units[0], [
      node("p", "reason", [node("span", "", [], {
        text: [rs.fill(words.times, { n: rs.count(n) }), users ? rs.fill(words.by_users, { n: rs.count(users) }) : "",
          days === null ? "" : rs.fill(words.in_days, { n: rs.count(days) }), burst].filter(Boolean).join(" · ") + " ",
      }), node("button", "link", [], { type: "button", text: words.show_all, onclick: () => { view.select(units); showReviews(words.duplicates_title, units); panel.scrollIntoView({ behavior: "smooth", block: "nearest" }); } })]),
    ]));
  }

  async function paint() {
    document.documentElement.dataset.theme = theme();
    const colours = facts.greys[theme()];
    const style = document.documentElement.style;
    for (const [name, value] of Object.entries(colours)) style.setProperty(`--${name}`, value);
    const look_ = { greys: colours, diverging: facts.scales[theme()] };
    await draw();
    rs.drawHistogram(charts.histogram, facts.sentiment.histogram, look_, words);
    if (facts.sentiment.stars.length) rs.drawStars(charts.stars, facts.sentiment.stars, look_, words);
    if (facts.sentiment.by_topic.length) rs.drawByTopic(charts.byTopic, facts.sentiment.by_topic, look_, words);
    if (facts.sentiment.periods.length > 1) rs.drawPeriods(charts.periods, facts.sentiment.periods, look_);
  }

  async function readTexts() {
    const packed = read("report_texts");
    if (!packed) return;
    try {
      report.texts = JSON.parse(new TextDecoder().decode(await rs.inflate(rs.fromBase64(packed))));
      view.texts = { get: (i) => report.texts[i].slice(0, 300).replace(/\s+/g, " ").slice(0, 160) };
    } catch (error) {
      console.error(error);
      report.textNote = words.old_browser;
    }
  }

  async function start() {
    document.getElementById("report").append(node("main", "", [
      ...header(), node("div", "explore", [node("div", "left", [controls(), mapRoot]), panel]), ...sections(),
    ].filter(Boolean)));
    view = new rs.MapView(mapRoot, { words, onEvent: onMapEvent });
    await readTexts();
    showTopics();
    textLists();
    const selection = part.arrays.selection;
    await draw({ camera: facts.camera, selection: selection || null });
    if (selection?.length) showReviews(words.selected_reviews, Array.from(selection));
    await paint();
    document.documentElement.dataset.ready = "yes";
  }

  start();
})((globalThis.reviewscape ??= {}));
