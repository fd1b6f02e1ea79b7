// Pictures side by side. What reviewers wrote only ever becomes textContent or an attribute's text, never HTML.
export default function ({ data, parentElement, setTriggerValue }) {
  let root = parentElement.querySelector(".rs-grid");
  if (!root) {
    root = document.createElement("div");
    root.className = "rs-grid";
    parentElement.append(root);
  }
  root.replaceChildren(
    ...data.tiles.map((tile) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "rs-tile";
      button.title = tile.told;
      const image = document.createElement("img");
      image.src = tile.source;
      image.alt = tile.told;
      image.decoding = "async";
      button.append(image);
      if (tile.caption) {
        const caption = document.createElement("span");
        caption.textContent = tile.caption;
        button.append(caption);
      }
      button.onclick = () => setTriggerValue("opened", tile.id);
      return button;
    }),
  );
}
