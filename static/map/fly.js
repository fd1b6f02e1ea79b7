// Moves of the map that are no drag: flying to a review, and by keys. Gentle where the person allows motion.
(function (rs) {
  "use strict";

  const FLIGHT_MS = 450;
  const NEAR = 0.3;
  const NEAR_EYE = 0.9;

  /** Run step(share) from above 0 to 1 over `ms`, as many times as the browser manages; at once where motion is unwanted. */
  rs.tween = async function (ms, step) {
    const began = performance.now();
    let share = 0;
    while (share < 1) {
      if (!rs.isStill() && !document.hidden) await new Promise(requestAnimationFrame);
      share = rs.isStill() || document.hidden ? 1 : Math.min((performance.now() - began) / ms, 1);
      await step(share * (2 - share));
    }
  };

  const flatRange = ({ xaxis, yaxis }) => [...xaxis.range, ...yaxis.range];
  const flat = (plot, [x0, x1, y0, y1]) => Plotly.relayout(plot, { "xaxis.range": [x0, x1], "yaxis.range": [y0, y1] });

  /** Centre the flat map on a place, closer than the whole map and never farther than now. home: rs.homeFrame's. */
  rs.flyFlat = async function (plot, [x, y], home) {
    const from = flatRange(plot._fullLayout);
    const closer = Math.min(1, (NEAR * (home[1] - home[0])) / (from[1] - from[0]));
    const [half, tall] = [((from[1] - from[0]) * closer) / 2, ((from[3] - from[2]) * closer) / 2];
    const to = [x - half, x + half, y - tall, y + tall];
    await rs.tween(FLIGHT_MS, (share) => flat(plot, from.map((value, i) => rs.mix(value, to[i], share))));
  };

  /** Turn the scene's camera to a place, from the side it looks from now. */
  rs.flyScene = async function (plot, place) {
    const scene = plot._fullLayout.scene._scene;
    const { model } = scene.glplot.cameraParams;
    const at = place.map((value, i) => value * scene.dataScale[i]);
    const to = ["x", "y", "z"].map((_, row) => model[row] * at[0] + model[4 + row] * at[1] + model[8 + row] * at[2] + model[12 + row]);
    const { eye, center, up } = scene.getCamera();
    const [e, c] = [[eye.x, eye.y, eye.z], [center.x, center.y, center.z]];
    const far = Math.hypot(...e.map((value, i) => value - c[i]));
    const shrink = Math.min(1, NEAR_EYE / far);
    await rs.tween(FLIGHT_MS, (share) => {
      const middle = c.map((value, i) => rs.mix(value, to[i], share));
      const seen = e.map((value, i) => middle[i] + (value - c[i]) * rs.mix(1, shrink, share));
      return Plotly.relayout(plot, { "scene.camera": { eye: rs.asPoint(seen), center: rs.asPoint(middle), up } });
    });
  };

  /** Move the flat map by shares of what is in sight, or zoom (below 1: closer). */
  rs.stepFlat = function (plot, { right = 0, above = 0, zoom = 1 }) {
    const [x0, x1, y0, y1] = flatRange(plot._fullLayout);
    const [w, h] = [x1 - x0, y1 - y0];
    const [x, y] = [(x0 + x1) / 2 + right * w, (y0 + y1) / 2 + above * h];
    return flat(plot, [x - (w * zoom) / 2, x + (w * zoom) / 2, y - (h * zoom) / 2, y + (h * zoom) / 2]);
  };

  /** Turn the scene by angles in radians, or zoom (below 1: closer). */
  rs.stepScene = function (plot, { right = 0, above = 0, zoom = 1 }) {
    const { eye, center, up } = plot._fullLayout.scene._scene.getCamera();
    const [x, y, z] = [eye.x - center.x, eye.y - center.y, eye.z - center.z];
    const far = Math.hypot(x, y, z) * zoom;
    const [turn, tilt] = [Math.atan2(y, x) + right, Math.asin(z / Math.hypot(x, y, z)) + above];
    const lifted = Math.max(-1.45, Math.min(1.45, tilt));
    return Plotly.relayout(plot, { "scene.camera": {
      eye: {
        x: center.x + far * Math.cos(lifted) * Math.cos(turn), y: center.y + far * Math.cos(lifted) * Math.sin(turn),
        z: center.z + far * Math.sin(lifted),
      },
      center, up,
    } });
  };
})((globalThis.reviewscape ??= {}));
