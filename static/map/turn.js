// From the flat map to the deep one and back: every point travels, so that the eye can follow what is selected.
(function (rs) {
  "use strict";

  const MOST_POINTS = 20000;
  const TURN_MS = 600;
  const ABOVE = { eye: { x: 0, y: 0, z: 1.7 }, center: { x: 0, y: 0, z: 0 }, up: { x: 0, y: 1, z: 0 } };

  const mixPoint = (a, b, share) => rs.asPoint(["x", "y", "z"].map((axis) => rs.mix(a[axis], b[axis], share)));

  /** Whether a turn is shown at all. */
  rs.turns = (points) => points.n <= MOST_POINTS && !document.hidden && !rs.isStill();

  // The flat map laid into the deep one's box, at half its height.
  function flattened(points) {
    const [flat, deep] = [["x2", "y2"], ["x3", "y3", "z3"]].map((axes) => axes.map((axis) => rs.ends(points[axis])));
    const span = (pairs) => Math.max(...pairs.map(([low, high]) => high - low), 1e-9);
    const scale = span(deep.slice(0, 2)) / span(flat);
    const middle = ([low, high]) => (low + high) / 2;
    const lay = (values, from, to) => values.map((value) => middle(to) + (value - middle(from)) * scale);
    return { x: lay(points.x2, flat[0], deep[0]), y: lay(points.y2, flat[1], deep[1]), z: middle(deep[2]) };
  }

  /**
   * Move the points of a drawn 3D plot between the flat places (share 0) and their own (1), and the camera with them.
   * positionsOf(name): those of a trace. scene: the camera that looks at the deep map. shown(): after every picture.
   */
  rs.turn = async function (plot, points, { positionsOf, scene, from, to, shown }) {
    const flat = flattened(points);
    const lists = plot.data.map((trace) => positionsOf(trace.meta));
    await rs.tween(TURN_MS, async (passed) => {
      const share = rs.mix(from, to, passed);
      const axis = (start, own) => lists.map((list) => Float32Array.from(list, (i) => rs.mix(start(i), points[own][i], share)));
      await Plotly.update(plot, {
        x: axis((i) => flat.x[i], "x3"), y: axis((i) => flat.y[i], "y3"), z: axis(() => flat.z, "z3"),
      }, {
        "scene.camera": {
          eye: mixPoint(ABOVE.eye, scene.eye, share), center: mixPoint(ABOVE.center, scene.center, share),
          up: mixPoint(ABOVE.up, scene.up, share),
        },
      });
      shown();
    });
  };
})((globalThis.reviewscape ??= {}));
