// Small helpers that several files of the map need.
(function (rs) {
  "use strict";

  rs.mix = (a, b, share) => a + (b - a) * share;
  rs.asPoint = ([x, y, z]) => ({ x, y, z });

  /** Whether this person wants no motion. */
  rs.isStill = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

  /** [lowest, highest] of numbers; [∞, −∞] of none. */
  rs.ends = function (values) {
    let [low, high] = [Infinity, -Infinity];
    for (const value of values) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
    return [low, high];
  };
})((globalThis.reviewscape ??= {}));
