// How Plotly is asked to behave: its buttons in the session's words, nothing of a vendor's; whether WebGL is there.
(function (rs) {
  "use strict";

  /** Whether this browser draws with WebGL. */
  rs.hasWebGL = function () {
    try {
      const context = document.createElement("canvas").getContext("webgl");
      context?.getExtension("WEBGL_lose_context")?.loseContext();
      return Boolean(context);
    } catch {
      return false;
    }
  };

  // A ring: a closed line around something.
  const RING = { width: 24, height: 24, path: "M12 3a9 7 0 1 0 0 18a9 7 0 1 0 0-18zm0 3a6.5 5 0 1 1 0 12a6.5 5 0 1 1 0-12z" };

  /** Plotly's config for a look. home() is called to show the whole map, outlines() to draw them or not. */
  rs.plotConfig = function (look, words, { compact, home, outlines }) {
    // Its hover label, which nobody sees here, would warn that it cannot read colours given as shares.
    Plotly.setPlotConfig({ logging: 0 });
    const whole = { name: "home", title: words.reset, icon: Plotly.Icons.home, click: home };
    const flat = [["pan2d", "zoom2d", "select2d", "lasso2d"], ["zoomIn2d", "zoomOut2d", whole]];
    if (look.outlines) flat.push([{ name: "outlines", title: words.outlines, icon: RING, click: outlines }]);
    return {
      displaylogo: false, showSendToCloud: false, scrollZoom: !compact, doubleClick: false,
      displayModeBar: !compact, modeBarButtons: look.dims === 3 ? [["orbitRotation", "pan3d", "zoom3d"], [whole]] : flat,
      locale: "rs",
      locales: {
        rs: {
          moduleType: "locale", name: "rs", format: {},
          dictionary: {
            Pan: words.pan, Zoom: words.zoom, "Box Select": words.box, "Lasso Select": words.lasso,
            "Zoom in": words.zoom_in, "Zoom out": words.zoom_out, "Orbital rotation": words.orbit,
          },
        },
      },
    };
  };
})((globalThis.reviewscape ??= {}));
