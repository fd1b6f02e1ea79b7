// Small bar charts of the report. Names go through reviewscape.plain, because Plotly reads tags.
(function (rs) {
  "use strict";

  const SENTIMENT_SHARE = { negative: 0, neutral: 0.5, positive: 1 };

  function layout(theme, { height, left = 44, barmode = "group" }) {
    return {
      height, barmode, margin: { l: left, r: 24, t: 8, b: 40 }, paper_bgcolor: "rgba(0,0,0,0)", bargap: 0.12,
      plot_bgcolor: "rgba(0,0,0,0)", showlegend: false, dragmode: false, hovermode: "closest",
      font: { family: getComputedStyle(document.body).fontFamily, color: theme.greys.text, size: 12 },
      xaxis: { fixedrange: true, gridcolor: theme.greys.faint, zeroline: false, automargin: true },
      yaxis: { fixedrange: true, gridcolor: theme.greys.faint, zeroline: false, automargin: true },
    };
  }

  const config = { displayModeBar: false, displaylogo: false, showSendToCloud: false, responsive: true };

  const scaleColour = (theme, share) => rs.onScale(theme.diverging, share);

  /** Reviews by sentiment, orange to blue. */
  rs.drawHistogram = function (node, { middles, counts }, theme, words) {
    const trace = {
      type: "bar", x: middles, y: counts, hovertemplate: `%{x}: %{y}<extra></extra>`,
      marker: { color: middles.map((middle) => scaleColour(theme, (middle + 1) / 2)) },
    };
    const look = layout(theme, { height: 240 });
    look.xaxis.title = { text: rs.plain(words.sentiment) };
    return Plotly.react(node, [trace], look, config);
  };

  rs.drawStars = function (node, stars, theme, words) {
    const trace = {
      type: "bar", x: stars.map(([star]) => "★".repeat(star)), y: stars.map(([, n]) => n),
      hovertemplate: "%{x}: %{y}<extra></extra>", marker: { color: stars.map(([star]) => scaleColour(theme, (star - 1) / 4)) },
    };
    const look = layout(theme, { height: 240 });
    look.xaxis.title = { text: rs.plain(words.rating_title) };
    return Plotly.react(node, [trace], look, config);
  };

  /** Shares of negative, neutral and positive reviews, one bar a topic. */
  rs.drawByTopic = function (node, topics, theme, words) {
    const ordered = [...topics].reverse();
    // The place in the list keeps two topics with one name apart.
    const places = ordered.map((_, place) => place);
    const sum = (topic) => topic.negative + topic.neutral + topic.positive;
    const traces = ["negative", "neutral", "positive"].map((label) => ({
      type: "bar", orientation: "h", y: places, x: ordered.map((topic) => topic[label] / sum(topic)),
      marker: { color: scaleColour(theme, SENTIMENT_SHARE[label]) }, name: rs.plain(words[label]),
      hovertemplate: `${rs.plain(words[label])} %{x:.0%}<extra></extra>`,
    }));
    const look = layout(theme, { height: 60 + 26 * topics.length, barmode: "stack" });
    look.yaxis.tickvals = places;
    look.yaxis.ticktext = ordered.map((topic) => rs.plain(rs.shorten(topic.name, 24)));
    look.xaxis.tickformat = ".0%";
    look.xaxis.range = [0, 1];
    look.margin.b = 30;
    look.showlegend = true;
    look.legend = { orientation: "h", y: 1, yanchor: "bottom", x: 0, traceorder: "normal", itemclick: false, itemdoubleclick: false };
    look.margin.t = 30;
    return Plotly.react(node, traces, look, config);
  };

  /** Reviews per period as bars, their mean sentiment as colour. */
  rs.drawPeriods = function (node, periods, theme) {
    const trace = {
      type: "bar", x: periods.map((one) => one.period), y: periods.map((one) => one.reviews),
      customdata: periods.map((one) => (one.sentiment === null ? "" : one.sentiment.toFixed(2).replace("-", "−"))),
      hovertemplate: "%{x}: %{y} (%{customdata})<extra></extra>",
      marker: { color: periods.map((one) => (one.sentiment === null ? theme.greys.missing : scaleColour(theme, (one.sentiment + 1) / 2))) },
    };
    const look = layout(theme, { height: 240 });
    look.xaxis.type = "date";
    // Figures are read alike in every language; Plotly's month names are English.
    const days = (new Date(periods.at(-1).period) - new Date(periods[0].period)) / 864e5;
    look.xaxis.tickformat = days > 150 ? "%Y-%m" : "%m-%d";
    return Plotly.react(node, [trace], look, config);
  };
})((globalThis.reviewscape ??= {}));
