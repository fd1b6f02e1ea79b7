// The small box that follows the pointer: a review's beginning and its category, as text only.
(function (rs) {
  "use strict";

  const BELOW_PX = 18;
  const ABOVE_PX = 12;
  const RIGHT_PX = 14;
  const EDGE_PX = 4;

  /** Put a review's category (by its colour byte) and beginning into the tip; empty where neither is known. */
  rs.fillTip = function (tip, look, colourByte, text, words) {
    const { kind, labels, column } = look.colour;
    const label = kind === "categorical" ? labels[colourByte] : undefined;
    const shown = label && rs.categoryName(column, label, words);
    tip.replaceChildren(...[
      shown && rs.element("span", { class: "rsm-tip-head", text: shown, dir: "auto" }),
      text && rs.element("span", { class: "rsm-tip-text", text, dir: "auto" }),
    ].filter(Boolean));
  };

  /** Show the tip beside the pointer, inside the frame. */
  rs.placeTip = function (tip, frame, pointer) {
    tip.classList.add("rsm-shown");
    const box = frame.getBoundingClientRect();
    const [x, y] = [pointer.clientX - box.left, pointer.clientY - box.top];
    const mostLeft = Math.max(box.width - tip.offsetWidth - EDGE_PX, EDGE_PX);
    const isRoomBelow = y + BELOW_PX + tip.offsetHeight < box.height;
    tip.style.left = `${Math.min(Math.max(x + RIGHT_PX, EDGE_PX), mostLeft)}px`;
    tip.style.top = `${isRoomBelow ? y + BELOW_PX : Math.max(y - tip.offsetHeight - ABOVE_PX, EDGE_PX)}px`;
  };
})((globalThis.reviewscape ??= {}));
