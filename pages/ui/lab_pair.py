"""Two texts: how alike the model finds them, and what the number means for this model and this file."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from pages.ui import charts, lab_keywords, lab_reader
from pages.ui.behind import Figures, behind
from pages.ui.check_odd import snippet
from pages.ui.i18n import _, language, n_
from pages.ui.lab_reader import number, percent
from pages.ui.reviews import by_ids, show_reviews
from pages.ui.table import picked
from pages.ui.theme import theme_name
from pipelines import palette
from pipelines.lab import calibration, distances, reading
from pipelines.lab.calibration import Calibration, Standing
from pipelines.lab.keywords import PAIRS
from pipelines.store.reader import Bundle

ONE, OTHER = "lab_one", "lab_other"
_BINS = 50


def show(bundle: Bundle) -> None:
    """Draw the tab."""
    if not lab_reader.can_read(bundle):
        return
    one, other = _texts()
    found = calibrated(bundle)
    if one and other:
        pair = lab_reader.vectors(bundle, one, other)
        if pair is None:
            return
        measured = distances.measure(pair, lab_reader.raw(bundle, one, other))
        _told(found, measured, noise=lab_reader.reads_noise(bundle, one, other))
    else:
        st.caption(_("Type two texts, or choose a pair."))
        measured = None
    if found is not None:
        _scale(found, None if measured is None else measured.cosine, bundle)
    if measured is not None:
        _measures(measured)
    lab_keywords.show(bundle, found)


@st.cache_data(max_entries=16, show_spinner=False)
def _calibrated(key: str, _bundle: Bundle) -> Calibration | None:
    return calibration.calibrate(_bundle)


def calibrated(bundle: Bundle) -> Calibration | None:
    """What is usual in this file; None where it is too small to say."""
    return _calibrated(bundle.key, bundle)


def pairs() -> list[tuple[str, str]]:
    """The pairs to begin with, those in the session's language first."""
    other = "en" if language() == "zh" else "zh"
    return [*PAIRS[language()], *PAIRS[other]]


def _texts() -> tuple[str, str]:
    if ONE not in st.session_state:
        st.session_state[ONE], st.session_state[OTHER] = st.session_state.get("lab_kept", pairs()[1])
    choices = pairs()

    def take() -> None:
        chosen = st.session_state.get("lab_preset")
        if chosen is not None:
            st.session_state[ONE], st.session_state[OTHER] = choices[chosen]

    left, right = st.columns(2)
    one = left.text_area(_("One text"), key=ONE, height=68, max_chars=reading.MOST_CHARS).strip()
    other = right.text_area(_("Another text"), key=OTHER, height=68, max_chars=reading.MOST_CHARS).strip()
    # Streamlit forgets a field while another tab is open.
    st.session_state["lab_kept"] = (one, other)
    st.selectbox(
        _("Or a pair to begin with"),
        range(len(choices)),
        index=None,
        format_func=lambda i: " ↔ ".join(choices[i]),
        key="lab_preset",
        on_change=take,
    )
    return one, other


def level_words(level: str, *, has_topics: bool = True) -> str:
    """A level in plain words; without topics random pairs alone decide (calibration.standing)."""
    by_chance = {
        "close": _("Very close: closer than 999 in 1,000 random pairs of your reviews."),
        "related": _("About the same thing: closer than 19 in 20 random pairs of your reviews."),
        "faint": _("Faintly alike: closer than three in four random pairs of your reviews."),
    }
    if not has_topics and level in by_chance:
        return by_chance[level]
    return {
        "same": _("As alike as copies of one another."),
        "close": _("Very close: closer than nine in ten pairs of one topic."),
        "related": _("About the same thing: like two reviews of one topic."),
        "faint": _("Faintly alike: more than most pairs, less than two reviews of one topic."),
        "none": _("Not alike: no closer than reviews picked at random."),
    }[level]


def _told(found: Calibration | None, measured: distances.Measured, *, noise: bool) -> None:
    left, right = st.columns([1, 3], vertical_alignment="center")
    left.metric(
        _("Likeness (cosine)"),
        number(measured.cosine),
        help=_("The cosine of the angle between the two rows of numbers: 1 the same direction, 0 none in common."),
    )
    with right:
        if found is None:
            st.markdown(
                _("This file has too few different reviews to say what is usual in it: it takes {n}.").format(
                    n=calibration.LEAST_REVIEWS
                )
            )
            return
        standing = calibration.standing(found, measured.cosine)
        st.markdown(f"**{level_words(standing.level, has_topics=standing.same is not None)}**")
        st.markdown(" · ".join(_shares(standing)))
    if noise:
        st.warning(
            _(
                "This model reads English alone. Chinese signs that it does not know are all the same to it, so that "
                "what it says of Chinese is noise: two different words can come out at 1.00."
            )
        )


def _shares(standing: Standing) -> list[str]:
    said = [_("closer than {x} of random pairs of your reviews").format(x=_share(standing.random))]
    if standing.same is not None:
        said.append(_("closer than {x} of pairs of one topic").format(x=_share(standing.same)))
    return said


def _share(share: calibration.Share) -> str:
    return f"**{percent(share.share)}** ({percent(share.low)}–{percent(share.high)})"


def _scale(found: Calibration, cosine: float | None, bundle: Bundle) -> None:
    st.subheader(_("What the numbers mean here"))
    st.caption(
        n_(
            "Models differ: one gives unrelated texts 0.0, another 0.7. So the number is held against pairs of your "
            "own reviews, drawn from {n} different one.",
            "Models differ: one gives unrelated texts 0.0, another 0.7. So the number is held against pairs of your "
            "own reviews, drawn from {n} different ones.",
            found.reviews,
        )
        + " "
        + _("Single words and short phrases run higher than whole reviews do.")
    )
    counted = _counted(found)
    _chart(counted, cosine, has_topics=len(found.same) > 0)
    behind("likeness-of-pairs", lambda: Figures(counted), key="lab_scale")
    _anchors(found, bundle)


def _counted(found: Calibration) -> pd.DataFrame:
    """Shares of pairs by steps of the cosine."""
    low = float(min(found.random[0], *found.same[:1], 0.0))
    edges = np.linspace(np.floor(low * 10) / 10, 1.0, _BINS + 1)
    frame = pd.DataFrame({_("from"): edges[:-1].round(3), _("to"): edges[1:].round(3)})
    frame[_("random pairs")] = np.histogram(found.random, edges)[0] / len(found.random)
    if len(found.same):
        frame[_("pairs of one topic")] = np.histogram(found.same, edges)[0] / len(found.same)
    return frame


def _chart(counted: pd.DataFrame, cosine: float | None, *, has_topics: bool) -> None:
    theme = theme_name()
    middle = (counted.iloc[:, 0] + counted.iloc[:, 1]) / 2
    figure = go.Figure()
    colours = (palette.GREYS[theme]["other"], palette.CATEGORIES[theme][0])
    for name, colour in zip(counted.columns[2:], colours, strict=False):
        figure.add_scatter(
            x=middle,
            y=counted[name],
            name=name,
            mode="lines",
            line={"color": colour, "shape": "hvh"},
            fill="tozeroy",
            hovertemplate="%{x:.2f}: %{y:.1%}<extra>" + charts.escape(name) + "</extra>",
        )
    if cosine is not None:
        figure.add_vline(
            x=cosine,
            line={"color": palette.GREYS[theme]["text"], "dash": "dash"},
            annotation_text=_("your pair") + " " + number(cosine),
            annotation_position="top left" if cosine > 0.6 else "top right",
        )
    figure.update_xaxes(title=_("Likeness (cosine)"))
    figure.update_yaxes(title=_("Share of pairs"), tickformat=".0%")
    charts.show(charts.layout(figure, 280, legend=charts.ON_TOP), "lab_scale_chart", name="likeness-of-pairs")


def _anchors(found: Calibration, bundle: Bundle) -> None:
    rows, examples = [], []
    texts = bundle.points.set_index("unit_id")["text"]
    for anchor in calibration.ANCHORS:
        standing = calibration.standing(found, anchor)
        example = calibration.example(found, anchor)
        examples.append(example)
        shown = "–" if example is None else " ↔ ".join(snippet(str(texts[unit])) for unit in example[:2])
        rows.append(
            {
                _("Likeness"): f"{anchor:.1f}",
                _("Closer than … of random pairs"): percent(standing.random.share),
                _("… of pairs of one topic"): "–" if standing.same is None else percent(standing.same.share),
                _("A pair of yours at about that"): shown,
            }
        )
    chosen = picked(pd.DataFrame(rows), key="lab_anchors")
    if chosen is not None:
        st.session_state["lab_anchor"] = chosen
    opened = st.session_state.get("lab_anchor")
    example = None if opened is None else examples[opened]
    if example is None:
        st.caption(_("Choose a row to read its two reviews. A dash: no pair of your file is there."))
        return
    one, other, cosine = example
    st.markdown(_("Two reviews at {x}:").format(x=number(cosine)))
    show_reviews(by_ids(bundle.points, [one, other]), bundle, key="lab_anchor_reviews")


def _measures(measured: distances.Measured) -> None:
    st.subheader(_("Angle and distance"))
    rows = [
        (_("Likeness: cosine of the angle"), number(measured.cosine, 3)),
        (_("Angle"), f"{number(measured.degrees, 1)}°"),
        (_("Distance at length 1 (Euclidean)"), number(measured.distance, 3)),
    ]
    if measured.lengths is not None and measured.raw_distance is not None:
        lengths = " · ".join(number(length, 2) for length in measured.lengths)
        rows += [
            (_("Lengths before scaling"), lengths),
            (_("Distance before scaling"), number(measured.raw_distance, 2)),
        ]
    st.markdown("\n".join(f"- {name}: **{value}**" for name, value in rows))
    told = _(
        "All vectors of an analysis are scaled to length 1. Then distance and likeness say the same: "
        "distance = √(2 − 2 · cosine), so the nearest by one are the nearest by the other."
    )
    if measured.lengths_differ:
        told += " " + _(
            "Before scaling the lengths differ, so that the distance mixes what a text means with how long its vector "
            "happens to be. That is why the angle is used."
        )
    elif measured.lengths is not None:
        told += " " + _("This model scales its vectors itself: they come at length 1.")
    else:
        told += " " + _("This model does not give out its vectors before scaling.")
    st.caption(told)
