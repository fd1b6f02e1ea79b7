"""Reckoning with words: a − b + c by the model and by vectors learned from the file, and how often each is right."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.ui import lab_reader
from pages.ui.behind import Figures, behind
from pages.ui.i18n import _, language, n_
from pages.ui.lab_reader import number, percent
from pages.ui.reviews import show_reviews
from pages.ui.table import picked, table
from pipelines.figures import count_reviews
from pipelines.lab import analogies, cooccurrence, reading
from pipelines.lab.analogies import Score
from pipelines.lab.analogy_set import quads, vocabulary
from pipelines.lab.cooccurrence import Told, WordSpace
from pipelines.store.reader import Bundle
from pipelines.tracked import words as finding
from pipelines.tracked.judge import folded_texts

_FILE_WORDS = 2_000
_EXAMPLES = {
    "en": (("king", "man", "woman"), ("loudest", "loud", "cheap"), ("hospital", "doctor", "teacher")),
    "zh": (("国王", "男人", "女人"), ("很好", "好", "快"), ("医院", "医生", "老师")),
}
_KEYS = ("lab_word_a", "lab_word_b", "lab_word_c")
_KEPT, _TEST = "lab_words_kept", "lab_analogy_test"
_MOST_CHARS = 40


def show(bundle: Bundle) -> None:
    """Draw the tab."""
    st.markdown(
        _(
            "Rows of numbers can be added and taken away like arrows: king − man + woman should end near queen. Two "
            "kinds are asked here: the model that read your reviews, and vectors learned from your file alone, by "
            "which words keep the same company (co-occurrence: PPMI and a singular value decomposition, the idea "
            "behind word2vec)."
        )
    )
    reads = lab_reader.can_read(bundle)
    with st.spinner(_("Learning words from your file …"), show_time=False):
        told, own = _own(bundle.key, bundle)
    if own is None:
        st.info(
            _(
                "Your file has too few words that come often enough to learn from: it takes {n} words that come "
                "{times} times each."
            ).format(n=cooccurrence.LEAST_WORDS, times=cooccurrence.LEAST_COUNT)
        )
    else:
        st.caption(
            n_("Learned from {n} review", "Learned from {n} reviews", own.texts)
            + ", "
            + n_("{n} word.", "{n} words.", len(own.words))
        )
    asked = _asked()
    space = _model(bundle, told, asked) if reads else None
    if all(asked):
        _answers(bundle, space, own, asked)
    _company(bundle, space, own)
    _test(bundle, told, own, reads=reads)


@st.cache_data(max_entries=8, show_spinner=False)
def _own(key: str, _bundle: Bundle) -> tuple[Told, WordSpace | None]:
    first = _bundle.points[_bundle.points["duplicate_of"].isna()]
    languages = first["language"].fillna("").tolist() if "language" in first else None
    told = cooccurrence.tell(first["text"].tolist(), languages)
    return told, cooccurrence.learn(told)


def _candidates(bundle: Bundle, told: Told, code: str) -> tuple[str, ...]:
    """What the model chooses answers from: the test's words and, where nobody else reads them, the file's commonest."""
    own = told.commonest(_FILE_WORDS) if reading.how(bundle) == "here" else ()
    return tuple(dict.fromkeys([*vocabulary(code), *own]))


def _model(bundle: Bundle, told: Told, words: tuple[str, ...] = (), code: str = "") -> WordSpace | None:
    known = _candidates(bundle, told, code or language())
    matrix = lab_reader.vectors(bundle, *known)
    if matrix is None:
        return None
    space = WordSpace(known, matrix)
    new = tuple(word for word in dict.fromkeys(words) if word and word not in space.place)
    more = lab_reader.vectors(bundle, *new) if new else None
    return space if more is None else analogies.with_words(space, new, more)


def _asked() -> tuple[str, ...]:
    st.subheader(_("a − b + c"))
    kept = st.session_state.get(_KEPT, _EXAMPLES[language()][0])
    for key, word in zip(_KEYS, kept, strict=True):
        st.session_state.setdefault(key, word)

    def take(words: tuple[str, str, str]) -> None:
        for key, word in zip(_KEYS, words, strict=True):
            st.session_state[key] = word

    places = st.columns(3)
    labels = (_("a"), _("− b"), _("+ c"))
    asked = tuple(
        place.text_input(label, key=key, max_chars=_MOST_CHARS).strip().lower()
        for place, label, key in zip(places, labels, _KEYS, strict=True)
    )
    st.session_state[_KEPT] = asked
    with st.container(horizontal=True, gap="xsmall"):
        for i, (a, b, c) in enumerate(_EXAMPLES[language()]):
            st.button(f"{a} − {b} + {c}", key=f"lab_words_{i}", type="tertiary", on_click=take, args=((a, b, c),))
    return asked


def _answers(bundle: Bundle, space: WordSpace | None, own: WordSpace | None, asked: tuple[str, ...]) -> None:
    a, b, c = asked
    found: str | None = None
    for place, title, each, key in zip(
        st.columns(2), (_("By the model"), _("By your file alone")), (space, own), ("model", "own"), strict=True
    ):
        with place:
            st.markdown(f"**{title}**")
            if each is None:
                st.caption(_("Not to be had here."))
                continue
            best = analogies.answers(each, a, b, c)
            if best is None:
                without = " · ".join(analogies.missing(each, asked))
                st.caption(_("Your file lacks, or has too rarely:"))
                st.text(without)
                continue
            chosen = picked(_listed(bundle, best), key=f"lab_answers_{key}")
            found = best[chosen][0] if chosen is not None else found
    if found is not None:
        st.session_state["lab_word_opened"] = found
    _reviews(bundle)


def _listed(bundle: Bundle, best: list[tuple[str, float]]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            _("Word"): [word for word, _cosine in best],
            _("Likeness"): [number(cosine) for _word, cosine in best],
            _("Reviews that have it"): [count_reviews(_having(bundle, word)) for word, _cosine in best],
        }
    )


def _having(bundle: Bundle, word: str) -> pd.DataFrame:
    return bundle.points[finding.match(folded_texts(bundle), word) > 0]


def _reviews(bundle: Bundle) -> None:
    """The reviews that have the word of the row that was chosen last."""
    word = st.session_state.get("lab_word_opened")
    if not word:
        st.caption(_("Choose a row to read the reviews that have the word."))
        return
    part = _having(bundle, word)
    st.text(f"“{word}” · " + n_("{n} review", "{n} reviews", count_reviews(part)))
    show_reviews(part, bundle, key="lab_word_reviews", page=3)


def _company(bundle: Bundle, space: WordSpace | None, own: WordSpace | None) -> None:
    st.subheader(_("Words alike"))
    first = own.words[0] if own is not None else _EXAMPLES[language()][0][0]
    word = st.text_input(
        _("A word"), value=st.session_state.get("lab_company_kept", first), key="lab_company", max_chars=_MOST_CHARS
    )
    word = word.strip().lower()
    st.session_state["lab_company_kept"] = word
    if not word:
        return
    if space is not None and word not in space.place:
        more = lab_reader.vectors(bundle, word)
        space = space if more is None else analogies.with_words(space, (word,), more)
    for place, title, each in zip(
        st.columns(2), (_("By the model: what means alike"), _("By your file: what keeps the same company")),
        (space, own), strict=True,
    ):  # fmt: skip
        with place:
            st.markdown(f"**{title}**")
            if each is None:
                st.caption(_("Not to be had here."))
                continue
            near = analogies.alike(each, word, 8)
            if near is None:
                st.caption(_("Your file does not have this word often enough."))
            else:
                # Words of the file may hold anything: no Markdown.
                st.text(" · ".join(f"{one} {number(cosine)}" for one, cosine in near))


def _test(bundle: Bundle, told: Told, own: WordSpace | None, *, reads: bool) -> None:
    st.subheader(_("How often is it right?"))
    code = st.segmented_control(
        _("Language of the test"),
        ["en", "zh"],
        default=language(),
        required=True,
        format_func={"en": "English", "zh": "中文"}.__getitem__,
        key="lab_test_language",
    )
    asked = len(quads(code))
    st.caption(
        n_(
            "A small test of our own, {n} analogy of everyday kinds: hot is to cold as big is to …",
            "A small test of our own, {n} analogies of everyday kinds: hot is to cold as big is to …",
            asked,
        )
    )
    if not st.session_state.get(_TEST):
        if not st.button(_("Ask all of them"), key="lab_test_go", icon=":material/quiz:"):
            return
        st.session_state[_TEST] = True
    space = _model(bundle, told, code=code) if reads else None
    rows: dict[str, Score] = {}
    if space is not None:
        rows[_("The model")] = analogies.score(space, code)
    if own is not None:
        rows[_("Your file alone")] = analogies.score(own, code)
        known = analogies.answerable(own, code)
        if space is not None and known:
            rows[_("The model, on those that your file knows")] = analogies.score(space, code, known)
    if not rows:
        return
    table(_scores(rows), key="lab_scores", height="content")
    st.caption(
        _(
            "Right: the nearest word, the asked ones left out, is the expected one; in brackets the 95 % interval. "
            "Without the sum: how often the word nearest to c alone is right. Where that is about as often, reckoning "
            "adds little."
        )
    )
    if own is not None:
        _lacking(own, code)
    behind("analogies", lambda: Figures(_by_kind(rows)), key="lab_scores_kinds")


def _scores(rows: dict[str, Score]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            _("Vectors"): list(rows),
            _("Can be asked"): [_("{n} of {of}").format(n=score.answerable, of=score.asked) for score in rows.values()],
            _("Right"): [_right(score) for score in rows.values()],
            _("Among the five nearest"): [_of(score.among_five, score) for score in rows.values()],
            _("Without the sum"): [_of(score.by_c_alone, score) for score in rows.values()],
            _("Chosen from"): [n_("{n} word", "{n} words", score.candidates) for score in rows.values()],
        }
    )


def _right(score: Score) -> str:
    if not score.answerable:
        return "–"
    return f"{percent(score.share)} ({percent(score.low)}–{percent(score.high)})"


def _of(count: int, score: Score) -> str:
    return percent(count / score.answerable) if score.answerable else "–"


def _by_kind(rows: dict[str, Score]) -> pd.DataFrame:
    kinds = list(next(iter(rows.values())).by_kind)
    told = {_("Kind"): kinds}
    for name, score in rows.items():
        cells = [score.by_kind[kind] for kind in kinds]
        told[name] = [
            _("{right} of {n} right").format(right=right, n=known) if known else "–" for right, known, _all in cells
        ]
    return pd.DataFrame(told)


def _lacking(own: WordSpace, code: str) -> None:
    lacking = analogies.missing(own, vocabulary(code))
    every = len(vocabulary(code))
    with st.expander(
        _("A closer look: {n} of the test's {of} words are in your file often enough").format(
            n=every - len(lacking), of=every
        ),
        type="compact",
        key="lab_lacking",
    ):
        st.markdown(_("There: it can be asked about these."))
        st.text(" · ".join(word for word in vocabulary(code) if word in own.place) or "–")
        st.markdown(_("Not there: an analogy with one of these cannot be asked."))
        st.text(" · ".join(lacking) or "–")
