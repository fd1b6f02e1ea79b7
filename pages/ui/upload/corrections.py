"""Every guess open to correction: columns, encoding, delimiter, title; each change reads the files again."""

from __future__ import annotations

import streamlit as st

from pages.ui.escape import plain
from pages.ui.i18n import _, n_
from pages.ui.upload import choices, doubts
from pages.ui.upload.choices import Upload
from pages.ui.upload.reading import Found
from pages.ui.upload.sentence import unsure_encoding
from pages.ui.upload.words import (
    DELIMITERS,
    ENCODINGS,
    LIKELY,
    delimiter_name,
    encoding_name,
    role_names,
    same_encoding,
)

_GUESS, _OWN = "", "own"
_ABREAST = 3
_OWN_FLAG = "upload_own_delimiter"


def show(found: Found | None, guess: Found | None, upload: Upload) -> None:
    """The expander. found: None where the files cannot be read as they are corrected now.

    guess: the files as understood before any correction, or the last time it went well; None where it never did.
    """
    open_now = found is None or not found.has_text
    with st.expander(_("Not right? Correct it"), expanded=open_now, icon=":material/tune:", key="corrections"):
        if found is not None:
            _roles(found, upload)
            _title(found, upload)
            _kept_beside(found)
        left, right = st.columns(2)
        kind = found or guess
        if kind is None or kind.told["encoding"]:
            with left:
                _encoding(guess, upload)
        if kind is None or kind.told["delimiter"]:
            with right:
                _delimiter(guess, upload)
        if found is None and guess is not None and len(guess.told["sheets"]) > 1:
            _sheet_again(guess, upload)
        if found is not None and upload.options.encoding is None and not unsure_encoding(found, upload):
            doubts.encodings(found, guess, upload)
        if found is not None and upload.is_corrected:
            st.button(_("Back to the guesses"), key="reset", icon=":material/undo:", on_click=choices.reset)


def _roles(found: Found, upload: Upload) -> None:
    columns = [str(name) for name in found.told["columns"]]
    for i, (role, name) in enumerate(role_names().items()):
        if i % _ABREAST == 0:
            # A row each: on a narrow screen, where columns stand below each other, the order stays.
            grid = st.columns(_ABREAST)
        now = found.told["roles"].get(role)
        options = columns if role == "text" and now in columns else ["", *columns]
        unsure = now and not upload.chose(role) and found.told["confidence"].get(role, 0.0) < LIKELY
        key = f"fix_{role}"
        # A correction elsewhere makes the other guesses anew: what is shown is what is used.
        st.session_state[key] = now if now in options else options[0]
        grid[i % _ABREAST].selectbox(
            name + (" · " + _("not sure") if unsure else ""),
            options,
            format_func=lambda column: column or "—",
            key=key,
            on_change=_choose_role,
            args=(role,),
        )


def _choose_role(role: str) -> None:
    choices.correct_role(role, st.session_state[f"fix_{role}"] or None)


def _title(found: Found, upload: Upload) -> None:
    if not found.told["roles"].get("title") or not found.has_text:
        return
    st.session_state["fix_join_title"] = upload.options.join_title
    st.checkbox(_("Put the title before the text"), key="fix_join_title", on_change=_choose_title)


def _choose_title() -> None:
    choices.correct(join_title=bool(st.session_state["fix_join_title"]))


def _kept_beside(found: Found) -> None:
    """What else was found in the file and is kept: further scores, merchants' replies."""
    scores = [plain(str(name), 40) for name in found.told["scores"]]
    if scores:
        st.caption(_("Further scores kept as segments: {columns}").format(columns=", ".join(scores)))
    replies = int(found.told.get("replies", 0))
    if replies:
        st.caption(
            n_(
                "{n} reply of the merchant was split off from its review.",
                "{n} replies of the merchant were split off from their reviews.",
                replies,
            )
        )


def _found_out(name: str) -> str:
    return _("found out: {name}").format(name=name) if name else _("found out by itself")


def _encoding(guess: Found | None, upload: Upload) -> None:
    now = upload.options.encoding
    known = next((codec for codec in ENCODINGS if now and same_encoding(codec, now)), now)
    options = [_GUESS, *ENCODINGS, *([known] if known and known not in ENCODINGS else [])]
    guessed = "" if guess is None or guess.told["encoding"] is None else encoding_name(guess.told["encoding"])
    st.session_state["fix_encoding"] = known or _GUESS
    st.selectbox(
        _("Encoding"),
        options,
        format_func={codec: encoding_name(codec) if codec else _found_out(guessed) for codec in options}.__getitem__,
        key="fix_encoding",
        on_change=_choose_encoding,
    )


def _choose_encoding() -> None:
    choices.correct(encoding=st.session_state["fix_encoding"] or None)


def _delimiter(guess: Found | None, upload: Upload) -> None:
    now = upload.options.delimiter
    own = bool(st.session_state.get(_OWN_FLAG)) or (now is not None and now not in DELIMITERS)
    guessed = "" if guess is None or not guess.told["delimiter"] else delimiter_name(guess.told["delimiter"])
    names = {delimiter: delimiter_name(delimiter) for delimiter in DELIMITERS}
    names = {_GUESS: _found_out(guessed), **names, _OWN: _("another character")}
    st.session_state["fix_delimiter"] = _OWN if own else now or _GUESS
    st.selectbox(
        _("Delimiter"),
        list(names),
        format_func=names.__getitem__,
        key="fix_delimiter",
        on_change=_choose_delimiter,
    )
    if own:
        st.session_state["fix_own_delimiter"] = now if now and now not in DELIMITERS else ""
        st.text_input(
            _("The character between cells"), max_chars=1, key="fix_own_delimiter", on_change=_choose_own_delimiter
        )


def _choose_delimiter() -> None:
    chosen = st.session_state["fix_delimiter"]
    st.session_state[_OWN_FLAG] = chosen == _OWN
    if chosen != _OWN:
        choices.correct(delimiter=chosen or None)


def _choose_own_delimiter() -> None:
    choices.correct(delimiter=st.session_state["fix_own_delimiter"] or None)


def _sheet_again(guess: Found, upload: Upload) -> None:
    """The choice of sheets where the chosen one cannot be read; else it stands by the sentence."""
    sheets = list(guess.told["sheets"])
    st.session_state["fix_sheet"] = upload.options.sheet if upload.options.sheet in sheets else guess.told["sheet"]
    st.selectbox(_("Sheet"), sheets, key="fix_sheet", on_change=_choose_sheet)


def _choose_sheet() -> None:
    choices.correct(sheet=st.session_state["fix_sheet"])
