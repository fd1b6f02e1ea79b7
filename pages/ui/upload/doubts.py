"""What is doubtful, with the other ways to read it: one click applies one, one takes it back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from pages.ui.escape import plain
from pages.ui.i18n import _
from pages.ui.upload import choices
from pages.ui.upload.choices import Upload
from pages.ui.upload.reading import Found
from pages.ui.upload.sentence import unsure_encoding, unsure_text
from pages.ui.upload.words import encoding_name, same_encoding

_MOST_ENCODINGS = 3
_RUNNERS_UP, _RUNNERS_UP_WITHOUT_GUESS = 2, 4
_SAMPLE_CHARS = 120
_LETTERS = 0.4
_STYLE = """<style>
[class*="st-key-doubt_"] [data-testid="stText"] > * {
  display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3; overflow: hidden;
  white-space: pre-wrap; overflow-wrap: anywhere; font-family: inherit; }
</style>"""


@dataclass(frozen=True)
class _Way:
    """One way to read: what it is called on its button, how the file then reads, and what the click does."""

    label: str
    sample: str
    choose: Callable[..., None] | None
    args: tuple[str, ...] = ()


def show(found: Found, guess: Found | None, upload: Upload) -> None:
    """Rows of ways for the encoding, the text column and the sheet, as far as there is a choice."""
    st.html(_STYLE)
    _sheets(found)
    if unsure_encoding(found, upload) or upload.options.encoding is not None:
        encodings(found, guess, upload)
    _text_columns(found, guess, upload)


def _sheets(found: Found) -> None:
    sheets = list(found.told["sheets"])
    if len(sheets) < 2:
        return
    st.session_state["fix_sheet"] = found.told["sheet"] if found.told["sheet"] in sheets else sheets[0]
    st.selectbox(_("Sheet"), sheets, key="fix_sheet", on_change=_choose_sheet, width=320)


def _choose_sheet() -> None:
    choices.correct(sheet=st.session_state["fix_sheet"])


def encodings(found: Found, guess: Found | None, upload: Upload) -> None:
    """Other encodings under which the file reads as text, as far as there are any."""
    if guess is None or not guess.told["alternatives"]:
        return
    guessed, now = str(guess.told["encoding"]), str(found.told["encoding"])
    others = [a for a in guess.told["alternatives"] if not same_encoding(a["encoding"], now)][:_MOST_ENCODINGS]
    ways = []
    read_now = next((sample for other in others if (sample := _as_guessed(other, guessed))), "")
    if upload.options.encoding is None and read_now:
        ways.append(_Way("", read_now, None))
    for other in others:
        label = _("Read as {encoding}").format(encoding=encoding_name(other["encoding"]))
        ways.append(_Way(label, other["sample"], _encode, (other["encoding"],)))
    question = _("Does another encoding read better?")
    if unsure_encoding(found, upload):
        question = _("The encoding is a guess. Which one reads right?")
    if upload.options.encoding is not None:
        _back("encoding", _("Back to the guess: {guess}").format(guess=encoding_name(guessed)), _encode, "")
    if ways:
        _row("encoding", question, ways)


def _encode(encoding: str) -> None:
    choices.correct(encoding=encoding or None)


def _as_guessed(other: dict[str, str], guessed: str) -> str:
    """The sample of another encoding as the guess reads the same bytes; "" where they cannot be had."""
    try:
        return other["sample"].encode(other["encoding"]).decode(guessed)
    except (LookupError, UnicodeError):
        return ""


def _text_columns(found: Found, guess: Found | None, upload: Upload) -> None:
    guessed = guess.told["roles"]["text"] if guess is not None else None
    if upload.chose("text"):
        if guessed is not None and guessed in found.told["columns"] and guessed != found.told["roles"]["text"]:
            _back("text", _("Back to the guess: {guess}").format(guess=plain(guessed, 60)), choices.guess_role, "text")
        return
    if found.has_text and not unsure_text(found, upload):
        return
    ways = []
    for column in runners_up(found)[: _RUNNERS_UP if found.has_text else _RUNNERS_UP_WITHOUT_GUESS]:
        label = _("Take “{column}”").format(column=plain(column, 40))
        ways.append(_Way(label, _first_cell(found, column), choices.correct_role, ("text", column)))
    if found.has_text and ways:
        text = str(found.told["roles"]["text"])
        ways.insert(0, _Way("", _first_cell(found, text), None))
    question = _("The column of the reviews is a weak guess. Is it another one?")
    if not found.has_text:
        question = _("Is it one of these? All columns are further down.")
    if ways:
        _row("text", question, ways)


def runners_up(found: Found) -> list[str]:
    """Columns that could hold the text as well, those with the most written in them first."""
    taken = {name for role, name in found.told["roles"].items() if name and role != "title"}
    columns = [str(name) for name in found.told["columns"]]

    written = ["".join("".join(row[i].split()) for row in found.preview) for i in range(len(columns))]

    def letters(index: int) -> int:
        return sum(map(str.isalpha, written[index]))

    # Dates and numbers have a letter here and there.
    free = [i for i, name in enumerate(columns) if name not in taken and letters(i) > _LETTERS * len(written[i])]
    return [columns[i] for i in sorted(free, key=letters, reverse=True)]


def _first_cell(found: Found, column: str) -> str:
    index = found.told["columns"].index(column)
    return next((row[index] for row in found.preview if row[index].strip()), "")


def _back(what: str, label: str, choose: Callable[..., None], *args: str) -> None:
    st.button(label, key=f"back_{what}", icon=":material/undo:", on_click=choose, args=args)


def _row(what: str, question: str, ways: Sequence[_Way]) -> None:
    """Cards side by side, each with a line of the file as text and its button; the one in use has none."""
    with st.container(key=f"doubt_{what}"):
        st.markdown(f"**{question}**")
        for i, (column, way) in enumerate(zip(st.columns(max(len(ways), 3)), ways, strict=False)):
            with column, st.container(border=True, height="stretch"):
                st.text(_one_line(way.sample) or "…")
                if way.choose is None:
                    st.caption(_("read this way now"))
                else:
                    st.button(way.label, key=f"{what}_way_{i}", on_click=way.choose, args=way.args)


def _one_line(sample: str) -> str:
    line = " ".join(sample.split())
    return line if len(line) <= _SAMPLE_CHARS else line[: _SAMPLE_CHARS - 1] + "…"
