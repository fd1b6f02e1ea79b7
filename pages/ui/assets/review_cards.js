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

function card(review, data, open, move) {
  const words = data.words;
  const node = element("article", "rs-card");
  const head = element("header", "rs-head");
  if (review.rating !== null) head.append(stars(review.rating, words));
  if (review.label) {
    const mark = element("span", `rs-mark rs-${review.label}`, `${LABEL[review.label]} ${words[review.label]}`);
    head.append(mark);
  }
  for (const part of review.meta) head.append(element("span", "rs-meta", part));
  node.append(head);
  const body = element("p", "rs-text", review.text);
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
  if (data.movable) {
    const button = element("button", "rs-open", words.move);
    button.type = "button";
    button.onclick = () => move(review.id);
    node.append(button);
  }
  return node;
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  let root = parentElement.querySelector(".rs-cards");
  if (!root) {
    root = element("div", "rs-cards");
    parentElement.append(root);
  }
  let shown = data.page;
  const open = (id) => setTriggerValue("opened", id);
  const move = (id) => setTriggerValue("moved", id);
  function draw() {
    root.replaceChildren(...data.reviews.slice(0, shown).map((review) => card(review, data, open, move)));
    if (shown < data.reviews.length) {
      const more = element("button", "rs-more", data.words.more);
      more.type = "button";
      more.onclick = () => {
        const first = shown;
        shown += data.page;
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
