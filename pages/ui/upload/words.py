"""Roles, reasons, formats, encodings and delimiters in plain words of the session's language."""

from __future__ import annotations

import codecs

from pages.ui.i18n import _

SURE, LIKELY = 0.85, 0.6
"""From here a guess is sure, and likely; below the second it is marked as not sure and others are offered."""

ENCODINGS = (
    *("utf-8", "utf-16", "gb18030", "big5", "big5hkscs", "cp932", "euc_jp", "cp949"),
    *("cp1252", "iso8859-15", "mac_roman", "cp1250", "cp1251", "koi8_r", "cp1253", "cp1254", "cp1255", "cp1256"),
    *("cp1257", "cp1258", "cp874"),
)
_ENCODING_NAMES = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16 LE",
    "utf-16-be": "UTF-16 BE",
    "gb18030": "GB18030",
    "big5": "Big5",
    "big5hkscs": "Big5-HKSCS",
    "cp950": "Big5 (CP950)",
    "cp932": "Shift-JIS",
    "shift_jis": "Shift-JIS",
    "euc_jp": "EUC-JP",
    "cp949": "EUC-KR",
    "euc_kr": "EUC-KR",
    "iso8859-1": "Latin-1",
    "iso8859-15": "Latin-9",
    "mac-roman": "Mac Roman",
    "koi8-r": "KOI8-R",
    "cp874": "Windows-874",
}
DELIMITERS = (",", ";", "\t", "|", " ")


def role_names() -> dict[str, str]:
    """The roles, in the order they are asked about."""
    return {
        "text": _("Review text"),
        "title": _("Title"),
        "rating": _("Stars"),
        "date": _("Date"),
        "user": _("User"),
        "item": _("Product or store"),
        "language": _("Language"),
    }


def reason_name(reason: str) -> str:
    """Why a row is left out."""
    names = {
        "empty": _("no text"),
        "too_short": _("too short"),
        "symbols": _("only symbols"),
        "default_praise": _("written by the platform, not by a person"),
        "refused": _("refused by the provider"),
    }
    return names.get(reason, reason)


def format_name(kind: str) -> str:
    """A file's format as people call it; "" for delimited text, which its encoding tells enough of."""
    names = {
        "delimited": "",
        "json": "JSON",
        "jsonl": "JSON Lines",
        "xlsx": "Excel",
        "xls": _("Excel (old format)"),
        "html": _("HTML table"),
        "parquet": "Parquet",
        "arrow": "Arrow",
        "xlsb": "Excel",
        "ods": "OpenDocument",
        "xml": "Excel XML",
    }
    return names.get(kind, kind.upper())


def same_encoding(one: str, other: str) -> bool:
    """Whether two names are of one codec, a byte order mark aside."""
    return _codec(one).removesuffix("-sig") == _codec(other).removesuffix("-sig")


def encoding_name(encoding: str) -> str:
    """A codec as people know it."""
    codec = _codec(encoding)
    if codec.startswith("cp125"):
        return f"Windows-{codec.removeprefix('cp')}"
    return _ENCODING_NAMES.get(codec, codec.upper())


def delimiter_name(delimiter: str) -> str:
    """What stands between cells."""
    names = {
        ",": _("comma  ,"),
        ";": _("semicolon  ;"),
        "\t": _("tab"),
        "|": _("vertical bar  |"),
        " ": _("space"),
    }
    return names.get(delimiter, delimiter if delimiter.isprintable() else f"U+{ord(delimiter[:1] or ' '):04X}")


def sureness(confidence: float) -> str:
    """How sure a guess is: ✓ where it is, else in a word."""
    if confidence >= SURE:
        return "✓"
    return _("likely") if confidence >= LIKELY else _("not sure")


def _codec(encoding: str) -> str:
    try:
        return codecs.lookup(encoding).name
    except LookupError:
        return encoding
