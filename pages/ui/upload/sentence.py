"""What was understood, in one sentence."""

from __future__ import annotations

import streamlit as st

from pages.ui.escape import plain
from pages.ui.i18n import _, n_
from pages.ui.upload import experts
from pages.ui.upload.choices import Upload
from pages.ui.upload.reading import Found
from pages.ui.upload.words import LIKELY, encoding_name, format_name, same_encoding


def unsure_encoding(found: Found, upload: Upload) -> bool:
    """Whether the encoding is a guess among several, and nobody has chosen.

    Other encodings are named for nearly every file that is not UTF-8, to be able to switch. It is a guess where the
    reader warns of it, or names others for a file that is sound UTF-8, which it does where that may be chance.
    """
    if upload.options.encoding is not None or not found.told["alternatives"]:
        return False
    by_chance = same_encoding(str(found.told["encoding"]), "utf-8")
    return by_chance or any("encoding" in warning.values for warning in found.warnings)


def unsure_text(found: Found, upload: Upload) -> bool:
    """Whether the column of the reviews is a weak guess, and nobody has chosen."""
    return found.has_text and not upload.chose("text") and found.told["confidence"]["text"] < LIKELY


def show(found: Found, upload: Upload) -> None:
    """The sentence; in the colour of a warning where a guess is weak or no column can be the text."""
    told = found.told
    # Of several files each has its own format and encoding.
    several = len(upload.files) > 1
    parts = [n_("{n} file", "{n} files", len(upload.files)) if several else _source(found, upload)]
    if found.has_text:
        doubt = " (" + _("not sure") + ")" if unsure_text(found, upload) else ""
        column = _("review text = “{column}”").format(column=plain(str(told["roles"]["text"])))
        parts += [n_("{n} review", "{n} reviews", told["kept"]), column + doubt]
    else:
        parts.append(n_("{n} row", "{n} rows", told["rows"]))
    # What is chosen further down may send texts to a provider: then this is no place to promise otherwise.
    if not experts.is_remote(experts.embedder()):
        parts.append(_("nothing leaves this computer"))
    said = " · ".join(parts)
    if not found.has_text:
        st.warning(said + " · **" + _("which column holds the reviews?") + "**", icon=":material/help:")
    elif unsure_encoding(found, upload) or unsure_text(found, upload):
        st.warning(said, icon=":material/help:")
    elif _lost_much(found):
        st.warning(said, icon=":material/warning:")
    else:
        st.success(said, icon=":material/task_alt:")


def _lost_much(found: Found) -> bool:
    """Whether bytes, most rows or whole files (a warning lists their names) were lost: no reason for a green mark."""
    told = found.told
    files = any("names" in warning.values for warning in found.warnings)
    return files or bool(told["damaged_bytes"]) or told["kept"] < told["rows"] / 2


def _source(found: Found, upload: Upload) -> str:
    """Format, sheet and encoding, as far as the format has them."""
    told = found.told
    parts = [format_name(told["format"])]
    if told["sheet"]:
        parts.append(_("sheet “{name}”").format(name=plain(told["sheet"], 60)))
    if told["encoding"]:
        encoding = plain(encoding_name(told["encoding"]))
        if upload.options.encoding:
            encoding += " (" + _("your choice") + ")"
        elif unsure_encoding(found, upload):
            encoding += " (" + _("not sure") + ")"
        parts.append(encoding)
    return ", ".join(part for part in parts if part) or format_name("delimited") or "CSV"
