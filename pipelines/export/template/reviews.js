// The report's list of reviews: pages of texts, each with what is known about it. Texts go in as text nodes only.
(function (rs) {
  "use strict";

  const PAGE = 20;
  const LONG = 700;

  /** What is known about review i, on one line. */
  rs.factsOf = function (report, i) {
    const { words, points, topicName } = report;
    const facts = [];
    const rating = points.rating?.[i];
    if (rating) facts.push(`★ ${(rating / 50).toFixed(1).replace(".0", "")}`);
    if (points.day?.[i]) facts.push(new Date(points.day[i] * 864e5).toISOString().slice(0, 10));
    const score = points.sentiment[i] / 100;
    facts.push(`${words.sentiment} ${score > 0 ? "+" : ""}${score.toFixed(2).replace("-", "−")}`);
    facts.push(points.topic[i] ? topicName(points.topic[i] - 1) : words.no_topic);
    return facts;
  };

  /** Review i as a block; extra nodes come below its text. */
  rs.reviewNode = function (report, i, extra = []) {
    const { words, texts, active } = report;
    const whole = !active[i] ? words.outside : texts ? texts[i] : report.textNote;
    const isText = Boolean(active[i] && texts);
    const text = rs.element("p", { class: isText ? "text" : "text absent", dir: "auto", text: whole.length > LONG ? `${whole.slice(0, LONG)}…` : whole });
    const more = whole.length > LONG
      ? rs.element("button", { class: "link", type: "button", text: "…", "aria-label": "…", onclick: () => { text.textContent = whole; more.remove(); } })
      : null;
    return rs.element("article", {
      class: "review",
      children: [
        text, more,
        active[i] ? rs.element("p", { class: "facts", text: rs.factsOf(report, i).join(" · "), dir: "auto" }) : null, ...extra,
      ],
    });
  };

  /** A list of reviews, PAGE at a time. */
  rs.reviewList = function (report, positions) {
    const { words } = report;
    const items = rs.element("div", { class: "items" });
    const place = rs.element("span", { class: "place", role: "status" });
    let first = 0;
    const button = (text, step) => rs.element("button", { type: "button", text, onclick: () => show(first + step * PAGE) });
    const [previous, next] = [button(words.previous, -1), button(words.next, 1)];
    function show(from) {
      first = Math.max(0, from);
      const shown = Array.from(positions.slice(first, first + PAGE));
      items.replaceChildren(...shown.map((i) => rs.reviewNode(report, i)));
      items.scrollTop = 0;
      place.textContent = rs.fill(words.page_of, { from: rs.count(first + 1), to: rs.count(first + shown.length), n: rs.count(positions.length) });
      previous.disabled = first === 0;
      next.disabled = first + PAGE >= positions.length;
    }
    if (!positions.length) return rs.element("p", { class: "absent", text: words.nothing });
    show(0);
    return rs.element("div", {
      class: "reviews",
      children: [items, positions.length > PAGE ? rs.element("div", { class: "pager", children: [previous, place, next] }) : null],
    });
  };

  /** Positions of the reviews that hold every word, whatever its case. */
  rs.findWords = function (texts, active, query) {
    const wanted = query.toLowerCase().split(/\s+/).filter(Boolean);
    const found = [];
    if (!wanted.length) return found;
    for (let i = 0; i < texts.length; i++) {
      if (!active[i]) continue;
      const text = texts[i].toLowerCase();
      if (wanted.every((word) => text.includes(word))) found.push(i);
    }
    return found;
  };
})((globalThis.reviewscape ??= {}));
