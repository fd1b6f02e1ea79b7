// Which points a click or a drawn area means. Only those inside the filters are ever meant.
(function (rs) {
  "use strict";

  /** Equal texts lie on one spot: a click means all of them. */
  rs.sharers = function (points, look, position) {
    const axes = look.dims === 3 ? ["x3", "y3", "z3"] : ["x2", "y2"];
    const found = [];
    for (let i = 0; i < points.n; i++) {
      if (look.active[i] && axes.every((axis) => points[axis][i] === points[axis][position])) found.push(i);
    }
    return found.length ? found : [position];
  };

  /** The points inside the filters that lie nearest to one, itself first. */
  rs.nearest = function (points, look, position, most) {
    const axes = (look.dims === 3 ? ["x3", "y3", "z3"] : ["x2", "y2"]).map((axis) => points[axis]);
    const found = [];
    for (let i = 0; i < points.n; i++) {
      if (!look.active[i]) continue;
      let far = 0;
      for (const values of axes) far += (values[i] - values[position]) ** 2;
      if (found.length === most && far >= found[most - 1].far) continue;
      let place = found.length;
      while (place && found[place - 1].far > far) place--;
      found.splice(place, 0, { i, far });
      if (found.length > most) found.pop();
    }
    return found.map(({ i }) => i);
  };

  /** Points in the box or lasso of Plotly's event; null where it has none, which is Plotly clearing up after a click. */
  rs.inArea = function (points, look, event) {
    if (!event || !(event.range || event.lassoPoints)) return null;
    const inside = event.lassoPoints ? rs.insidePolygon(event.lassoPoints) : rs.insideBox(event.range);
    const found = [];
    for (let i = 0; i < points.n; i++) {
      if (look.active[i] && inside(points.x2[i], points.y2[i])) found.push(i);
    }
    return found;
  };
})((globalThis.reviewscape ??= {}));
