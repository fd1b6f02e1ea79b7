// A list of reviews. Review text is hostile: it only ever becomes textContent, never HTML.
const LABEL = { negative: "−", neutral: "○", positive: "+" };

function element(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined && text !== null && text !== "") node.textContent = text;
  return node;
}

function stars(rating, words) {
  const node = element("span", "rs-stars", "★".repeat(Math.round(rating)) + "☆".repeat(5 - Math.round(rating)));
  node.setAttribute("role", "img");
  node.setAttribute("aria-label", words.stars.replace("{n}", String(Math.round(rating * 10) / 10)));
  node.title = String(Math.round(rating * 10) / 10);
  return node;
}

function star(review, words, isOn, toggle) {
  const button = element("button", "rs-star", isOn ? "★" : "☆");
  button.type = "button";
  button.dataset.id = review.id;
  button.setAttribute("aria-pressed", String(isOn));
  button.setAttribute("aria-label", words.collect);
  button.title = isOn ? words.collected : words.collect;
  button.onclick = () => toggle(review.id, !isOn);
  return button;
}

// Up and down in the list's own order; what is first or last cannot go further.
function steps(review, words, { at, last, shift }) {
  return [[-1, "↑", words.up, at === 0], [1, "↓", words.down, at === last]].map(([by, sign, label, isEnd]) => {
    const button = element("button", "rs-step", sign);
    button.type = "button";
    button.dataset.id = review.id;
    button.dataset.by = by;
    button.setAttribute("aria-label", label);
    button.title = label;
    // Not `disabled`, with which the button that moved its review to the end would lose the focus.
    button.setAttribute("aria-disabled", String(isEnd));
    button.onclick = () => { if (!isEnd) shift(at, by); };
    return button;
  });
}

function card(review, data, { open, move, like, isOn, toggle, shift }, at) {
  const words = data.words;
  const node = element("article", "rs-card");
  const head = element("header", "rs-head");
  if (review.rating !== null) head.append(stars(review.rating, words));
  if (review.label) {
    const mark = element("span", `rs-mark rs-${review.label}`, `${LABEL[review.label]} ${words[review.label]}`);
    head.append(mark);
  }
  for (const part of review.meta) head.append(element("span", "rs-meta", part));
  const buttons = element("span", "rs-buttons");
  if (data.sortable) buttons.append(...steps(review, words, { at, last: data.reviews.length - 1, shift }));
  if (data.stars) buttons.append(star(review, words, isOn(review.id), toggle));
  if (buttons.hasChildNodes()) head.append(buttons);
  node.append(head);
  const body = element("p", "rs-text", review.marked?.length ? "" : review.text);
  for (const [piece, isMarked] of review.marked ?? []) body.append(isMarked ? element("mark", "rs-hit", piece) : piece);
  body.dir = "auto";
  node.append(body);
  if (review.title) body.before(element("p", "rs-title", review.title));
  if (review.why) node.append(element("p", "rs-why", review.why));
  if (review.topic) node.append(element("span", "rs-topic", review.topic));
  if (review.belongs) node.append(element("span", "rs-belongs", review.belongs));
  if (data.clickable) {
    const button = element("button", "rs-open", words.show_on_map);
    button.type = "button";
    button.onclick = () => open(review.id);
    node.append(button);
  }
  if (data.likeable) {
    const button = element("button", "rs-open", words.like);
    button.type = "button";
    button.onclick = () => like(review.id);
    node.append(button);
  }
  if (data.movable) {
    const button = element("button", "rs-open", words.move);
    button.type = "button";
    button.onclick = () => move(review.id);
    node.append(button);
  }
  return node;
}

// What lies over the page (a dialog, a popover) stands outside the element that says whether the page is dark.
function schemeOf(node) {
  const probe = element("span");
  probe.style.color = "var(--st-background-color)";
  node.append(probe);
  const [red, green, blue] = (getComputedStyle(probe).color.match(/[\d.]+/g) ?? [255, 255, 255]).map(Number);
  probe.remove();
  return 0.3 * red + 0.6 * green + 0.1 * blue < 128 ? "dark" : "light";
}

// What a list remembers while its data change: how much of it is shown, and stars that the server has not answered yet.
const kept = new WeakMap();

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  let root = parentElement.querySelector(".rs-cards");
  if (!root) {
    root = element("div", "rs-cards");
    parentElement.append(root);
  }
  root.style.colorScheme = schemeOf(root);
  const ids = data.reviews.map((review) => review.id);
  const list = { ids: (data.sortable ? [...ids].sort() : ids).join(), shown: data.page, pending: new Map(), moved: null };
  const before = kept.get(parentElement);
  if (before) list.pending = before.pending;
  if (before?.ids === list.ids) Object.assign(list, { shown: before.shown, moved: before.moved });
  kept.set(parentElement, list);
  for (const [id, { seq }] of list.pending) if (seq <= data.answered) list.pending.delete(id);
  const starred = new Set(data.stars ?? []);
  if (list.moved && list.moved.seq <= data.sorted) list.moved = null;
  // The server's order, or the one that a person gave and the server has not answered yet.
  const inOrder = () => (list.moved ? list.moved.ids.map((id) => data.reviews[ids.indexOf(id)]) : data.reviews);
  const actions = {
    shift: (at, by) => {
      const wanted = inOrder().map((review) => review.id);
      wanted.splice(at + by, 0, ...wanted.splice(at, 1));
      list.moved = { seq: Date.now(), ids: wanted };
      // The whole order: of two moves that come quickly the server may see only the second.
      setTriggerValue("ordered", list.moved);
      draw();
    },
    open: (id) => setTriggerValue("opened", id),
    move: (id) => setTriggerValue("moved", id),
    like: (id) => setTriggerValue("liked", id),
    isOn: (id) => list.pending.get(id)?.on ?? starred.has(id),
    toggle: (id, on) => {
      const seq = Date.now();
      list.pending.set(id, { on, seq });
      // All that are not answered: of two that come quickly the server may see only the second.
      setTriggerValue("starred", { seq, set: [...list.pending].map(([unit, wanted]) => [unit, wanted.on]) });
      draw();
    },
  };
  function draw() {
    const { id: focused, by } = root.getRootNode().activeElement?.dataset ?? {};
    root.replaceChildren(...inOrder().slice(0, list.shown).map((review, at) => card(review, data, actions, at)));
    // What is moved takes the focus along, and the list scrolls after it.
    if (focused && by) root.querySelector(`.rs-step[data-id="${focused}"][data-by="${by}"]`)?.focus();
    else if (focused) root.querySelector(`.rs-star[data-id="${focused}"]`)?.focus({ preventScroll: true });
    if (list.shown < data.reviews.length) {
      const more = element("button", "rs-more", data.words.more);
      more.type = "button";
      more.onclick = () => {
        const first = list.shown;
        list.shown += data.page;
        draw();
        root.children[first]?.scrollIntoView({ block: "nearest" });
      };
      root.append(more);
    } else if (data.beyond) {
      root.append(element("p", "rs-beyond", data.beyond));
    }
  }
  draw();
  return () => root.replaceChildren();
}
