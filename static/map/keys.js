// What keys do: on the map itself arrows move, + and − zoom, 0 shows all; anywhere on the page Escape clears.
(function (rs) {
  "use strict";

  const STEP = 0.15;
  const CLOSER = 0.8;
  const TYPING = "input, textarea, select, [contenteditable], [role=dialog], [role=listbox], [aria-expanded=true], [data-testid=stPopoverBody]";
  const MOVES = {
    ArrowLeft: { right: -STEP }, ArrowRight: { right: STEP }, ArrowUp: { above: STEP }, ArrowDown: { above: -STEP },
    "+": { zoom: CLOSER }, "=": { zoom: CLOSER }, "-": { zoom: 1 / CLOSER },
  };

  /**
   * What a key press on the page asks of a map: "clear", "undo", "redo", "next", "previous", "home" or a move
   * {right, above, zoom}; null for nothing. frame: the map's element. searchBox: a selector of the search's own box.
   * undoes, finds: whether the page has an undo of the look, and a search whose hits can be gone through.
   */
  rs.keyAsks = function (event, frame, { searchBox, undoes, finds }) {
    const target = event.composedPath()[0];
    const isElement = target instanceof Element;
    const typing = isElement && target.closest(TYPING);
    if (event.key === "Escape") return !typing || (searchBox && target.closest(searchBox)) ? "clear" : null;
    if (typing || !isElement) return null;
    const letter = event.key.toLowerCase();
    if ((event.ctrlKey || event.metaKey) && !event.altKey) {
      if (!undoes) return null;
      if (letter === "y" || (letter === "z" && event.shiftKey)) return "redo";
      return letter === "z" ? "undo" : null;
    }
    if (target !== frame || event.altKey) return null;
    if (letter === "n" && finds) return event.shiftKey ? "previous" : "next";
    return event.key === "0" ? "home" : MOVES[event.key] || null;
  };
})((globalThis.reviewscape ??= {}));
