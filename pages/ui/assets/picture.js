// The button that saves a view's one-page picture, and the picture. `own` holds the functions that draw it.
const made = new WeakMap();

export default function ({ data, parentElement }) {
  let root = parentElement.querySelector(".rs-picture");
  if (!root) {
    root = document.createElement("div");
    root.className = "rs-picture";
    parentElement.append(root);
  }
  // Drawn when it is first wanted, and again when it is another.
  const sign = JSON.stringify([data.part, data.facts]);
  const drawn = () => {
    if (made.get(parentElement)?.sign !== sign) made.set(parentElement, { sign, canvas: own.picture(data.facts, own.unpack(own.fromBase64(data.part))) });
    return made.get(parentElement).canvas;
  };
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = data.words.save;
  button.title = data.words.about;
  const said = document.createElement("span");
  said.setAttribute("role", "status");
  button.onclick = async () => {
    await own.savePicture(drawn(), data.name);
    said.textContent = data.words.made;
  };
  root.replaceChildren(button, said);
  if (data.preview) {
    const canvas = drawn();
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", data.words.about);
    root.append(canvas);
  }
  return () => root.replaceChildren();
}
