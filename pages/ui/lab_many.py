"""Many texts: each with each as a grid, and the reviews nearest to any of them."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from pages.ui import charts, lab_pair, lab_reader
from pages.ui.behind import Figures, behind
from pages.ui.escape import plain
from pages.ui.i18n import _, language, n_
from pages.ui.lab_reader import number, percent
from pages.ui.reviews import by_ids, show_reviews
from pages.ui.theme import theme_name
from pipelines import palette
from pipelines.lab import calibration, nearest, reading
from pipelines.store.reader import Bundle
from pipelines.types import FloatArray

BOX, NEAR = "lab_many", "lab_near"
_KEPT, _KEPT_NEAR = "lab_many_kept", "lab_near_kept"
_CELL_PX, _WRITTEN = 28, 12
_FROM_FILE = 12
NEAREST = 10


def show(bundle: Bundle) -> None:
    """Draw the tab."""
    if not lab_reader.can_read(bundle):
        return
    _grid(bundle)
    _near(bundle)


def _starters() -> str:
    return "\n".join(dict.fromkeys(text for pair in lab_pair.pairs()[:4] for text in pair))


def _from_file(bundle: Bundle) -> None:
    """Fill the box with the reviews that stand best for the topics, in turn."""
    topics = [topic for topic in bundle.summary["topics"] if topic.get("exemplars")]
    units = [topic["exemplars"][i] for i in range(2) for topic in topics if len(topic["exemplars"]) > i]
    units = units or bundle.points["unit_id"].head(_FROM_FILE).tolist()
    texts = bundle.points.set_index("unit_id")["text"]
    st.session_state[BOX] = "\n".join(
        " ".join(str(texts[unit]).split()) for unit in units[:_FROM_FILE] if unit in texts.index
    )


def _grid(bundle: Bundle) -> None:
    st.subheader(_("Each with each"))
    if BOX not in st.session_state:
        st.session_state[BOX] = st.session_state.get(_KEPT, _starters())
    typed = st.text_area(
        _("Texts, one a line (at most {n})").format(n=nearest.MOST_IN_MATRIX), key=BOX, height=160, max_chars=20_000
    )
    st.session_state[_KEPT] = typed
    st.button(
        _("Take reviews of my file"), key="lab_many_own", icon=":material/shuffle:", on_click=_from_file, args=(bundle,)
    )
    texts = nearest.lines(typed)
    if len(texts) < 2:
        st.info(_("Type at least two different texts, one a line."))
        return
    beyond = len({" ".join(line.split()) for line in typed.splitlines() if line.strip()}) - len(texts)
    if beyond > 0:
        st.caption(n_("{n} more line is left out.", "{n} more lines are left out.", beyond))
    matrix = lab_reader.vectors(bundle, *texts)
    if matrix is None:
        return
    cosine = nearest.likeness(matrix)
    order = nearest.in_groups(cosine)
    _heatmap([texts[i] for i in order], cosine[order][:, order])
    st.caption(_("Alike texts stand together (ordered by average linkage). Darker, or lighter on a dark page: closer."))
    if lab_reader.reads_noise(bundle, *texts):
        st.warning(_("This model reads English alone: what it says of Chinese is noise."))


def _heatmap(texts: list[str], cosine: FloatArray) -> None:
    theme = theme_name()
    n = len(texts)
    labels = [f"{i + 1}. {charts.short(text)}" for i, text in enumerate(texts)]
    figure = go.Figure(
        go.Heatmap(
            z=cosine,
            colorscale=[[i / 6, colour] for i, colour in enumerate(palette.SEQUENTIAL[theme])],
            zmin=min(0.0, float(cosine.min())),
            zmax=1.0,
            xgap=1,
            ygap=1,
            text=[[number(value) for value in row] for row in cosine],
            texttemplate="%{text}" if n <= _WRITTEN else None,
            customdata=[[f"{labels[i]}<br>{labels[j]}" for j in range(n)] for i in range(n)],
            hovertemplate="%{customdata}<br>%{z:.2f}<extra></extra>",
            colorbar={"thickness": 10, "title": {"text": ""}},
        )
    )
    figure.update_xaxes(tickvals=list(range(n)), ticktext=[str(i + 1) for i in range(n)], side="top", fixedrange=True)
    figure.update_yaxes(tickvals=list(range(n)), ticktext=labels, autorange="reversed", fixedrange=True)
    charts.show(charts.layout(figure, 80 + max(_CELL_PX * n, 120)), "lab_grid", name="each-with-each")

    def figures() -> Figures:
        pairs = [(i, j) for i in range(n) for j in range(i + 1, n)]
        pairs.sort(key=lambda pair: (-float(cosine[pair]), pair))
        return Figures(
            pd.DataFrame(
                {
                    _("One text"): [texts[i] for i, _j in pairs],
                    _("Another text"): [texts[j] for _i, j in pairs],
                    _("Likeness (cosine)"): [round(float(cosine[pair]), 3) for pair in pairs],
                }
            )
        )

    behind("each-with-each", figures, key="lab_grid")


def _near(bundle: Bundle) -> None:
    st.subheader(_("The nearest reviews"))
    example = "等了很久" if language() == "zh" else "it took far too long"
    if NEAR not in st.session_state:
        st.session_state[NEAR] = st.session_state.get(_KEPT_NEAR, example)
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    typed = left.text_input(_("Any text"), key=NEAR, max_chars=reading.MOST_CHARS).strip()
    st.session_state[_KEPT_NEAR] = typed
    row = right.number_input(
        _("or a row of the file"),
        min_value=1,
        max_value=max(len(bundle.rows), 1),
        value=None,
        key="lab_near_row",
        help=_("Its first unit is taken. Empty: the text counts."),
    )
    found = _found(bundle, typed, None if row is None else int(row) - 1)
    if found is None:
        return
    usual = lab_pair.calibrated(bundle)
    why = {unit: _why(cosine, usual) for unit, cosine in zip(found.units.tolist(), found.cosine.tolist(), strict=True)}
    st.caption(
        n_("The {n} nearest", "The {n} nearest", len(found.units))
        + " "
        + n_("of {n} different review, by cosine.", "of {n} different reviews, by cosine.", found.of)
    )
    show_reviews(by_ids(bundle.points, found.units.tolist()), bundle, key="lab_near_reviews", why=why)


def _found(bundle: Bundle, typed: str, row_id: int | None) -> nearest.Near | None:
    if row_id is not None:
        units = bundle.points.loc[bundle.points["row_id"] == row_id, "unit_id"].tolist()
        if not units:
            st.info(_("This row was left out of the analysis."))
            return None
        st.markdown(_("Nearest to:") + " " + plain(str(bundle.points["text"].loc[units[0]]), 300))
        return nearest.nearest(bundle, bundle.vectors[units[0]], NEAREST, without=int(units[0]))
    if not typed:
        st.caption(_("Type a text."))
        return None
    matrix = lab_reader.vectors(bundle, typed)
    return None if matrix is None else nearest.nearest(bundle, matrix[0], NEAREST)


def _why(cosine: float, usual: calibration.Calibration | None) -> str:
    said = _("likeness {x}").format(x=number(cosine))
    if usual is None:
        return said
    share = percent(calibration.standing(usual, cosine).random.share)
    return f"{said} · " + _("closer than {x} of random pairs").format(x=share)
