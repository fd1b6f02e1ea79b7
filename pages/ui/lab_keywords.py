"""Matching by words beside matching by meaning, on pairs that show where the two part; every number is read live."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.ui import lab_reader
from pages.ui.behind import take_along
from pages.ui.i18n import _, language
from pages.ui.lab_reader import number, percent
from pages.ui.table import table
from pipelines.lab import calibration, keywords
from pipelines.lab.calibration import Calibration
from pipelines.lab.distances import measure
from pipelines.store.reader import Bundle


def show(bundle: Bundle, found: Calibration | None) -> None:
    """Draw the table of pairs, both languages, the session's first."""
    st.subheader(_("Words or meaning?"))
    st.markdown(
        _(
            "A search by words (keyword match) finds only what is written; one by meaning (vectors) finds what is "
            "meant, and errs in other ways: it puts opposites close together, since they are about the same thing."
        )
    )
    other = "en" if language() == "zh" else "zh"
    frame = pd.concat([_of(bundle, found, code) for code in (language(), other)], ignore_index=True)
    if frame.empty:
        return
    table(frame, key="lab_keywords", height="content")
    take_along(frame, "words-or-meaning", key="lab_keywords")
    st.caption(
        _(
            "Shared words: of all different words of the two, those that stand in both (Jaccard), function words left "
            "out. The last two pairs of a language share words and mean something else."
        )
    )


def _of(bundle: Bundle, found: Calibration | None, code: str) -> pd.DataFrame:
    pairs = keywords.PAIRS[code]
    matrix = lab_reader.vectors(bundle, *(text for pair in pairs for text in pair))
    if matrix is None:
        return pd.DataFrame()
    rows = []
    for i, (one, other) in enumerate(pairs):
        matched = keywords.match(one, other)
        cosine = measure(matrix[2 * i : 2 * i + 2]).cosine
        noise = lab_reader.reads_noise(bundle, one, other)
        rows.append(
            {
                _("One text"): one,
                _("Another text"): other,
                _("Shared words"): _shared(matched),
                _("Likeness (cosine)"): number(cosine),
                _("Closer than … of random pairs"): "–"
                if found is None
                else percent(calibration.standing(found, cosine).random.share),
                _("What it means"): _("noise: this model reads no Chinese")
                if noise
                else _verdict(matched, found, cosine),
            }
        )
    return pd.DataFrame(rows)


def _shared(matched: keywords.Match) -> str:
    if matched.share:
        return percent(matched.share)
    return _("none, but one inside the other") if matched.inside else _("none")


def _verdict(matched: keywords.Match, found: Calibration | None, cosine: float) -> str:
    if found is None:
        return "–"
    by_meaning = calibration.standing(found, cosine).level in ("same", "close", "related")
    by_words = bool(matched.shared)
    if by_words and by_meaning:
        return _("both find it")
    if by_meaning:
        return _("only meaning finds it")
    return _("only words find it") if by_words else _("neither finds it")
