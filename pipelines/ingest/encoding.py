"""Bytes to text: which codec a file is written in, decided on the whole file."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass

from pipelines.errors import N_, UnusableInput
from pipelines.types import Alternative, Warning_

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16: its mark starts with the same two bytes
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_SIGNATURES = (
    (b"\xd0\xcf\x11\xe0", N_("an old Excel workbook")),
    (b"\x89PNG", N_("a PNG picture")),
    (b"\xff\xd8\xff", N_("a JPEG picture")),
    (b"GIF8", N_("a GIF picture")),
    (b"%PDF-", N_("a PDF document")),
    (b"\x1f\x8b", N_("a gzip archive")),
    (b"7z\xbc\xaf", N_("a 7z archive")),
    (b"Rar!", N_("a RAR archive")),
    (b"BZh", N_("a bzip2 archive")),
    (b"\xfd7zXZ", N_("an xz archive")),
    (b"\x28\xb5\x2f\xfd", N_("a Zstandard archive")),
    (b"PAR1", N_("a Parquet file")),
    (b"ARROW1", N_("an Arrow file")),
    (b"SQLite format 3", N_("an SQLite database")),
    (b"\x7fELF", N_("a program")),
)

# The characters that running text of a language uses most; mis-decoded text hits them no more than chance does.
_COMMON = {
    "gb18030": set(
        "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法"
        "学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将"
        "两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员"
        "解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队"
        "形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共确传师观清今切"
        "院让识候带导争运笔快店服差吃味买货送质价包喜欢满客房酒餐评推荐收谢"
        "，。！？、：；“”（）《》…—　【】"
    ),
    "big5": set(
        "的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得於著下自之年過發後作裡用道行所然家種事成方多經麼去法學如都同"
        "現當沒動面起看定天分還進好小部其些主樣理心她本前開但因只從想實日者意無力它與長把機十第公此已工使情明性知全三又關點正外將兩高間由問很最重"
        "店吃味買貨送質價包喜歡滿客房評推薦收謝，。！？、：；「」（）《》…　"
    ),
    "cp932": set(
        "のにはをたがでてとしれさるいもないかなんですまよりこそあらうくっだきせけめおわやどみつえちばほろげべびずぐじ、。！？ーアイスルンラリトコ「」"
    ),
    "cp949": set(
        "이다는에의을가고하지를도은한로기사으리어나서아자게시들그해인니스요만대정일보여있수것없안부라과음좋구했세면오습너무제"
    ),
}
_FALLBACKS = ("cp1252", "mac_roman", "latin-1")
_CYRILLIC_RUN = 3.0  # Western texts hold single accented letters, Russian ones whole words above ASCII
_CONTROL = re.compile(rb"[\x00-\x08]")
_USUAL_CONTROLS = "\t\r\n\x0b\x0c\x1a\x1c\x1d\x1e\x1f\x01\x02\x00"
_PLAUSIBLE = 0.3
_CERTAIN = 0.6
_BROKEN_UTF8_SHARE = 0.2


@dataclass(frozen=True)
class Decoded:
    """A file's text (no byte order mark, no NUL), the codec as Python spells it, and what was doubtful.

    damaged: bytes that no character was found for. alternatives: other plausible codecs, best first.
    """

    text: str
    encoding: str
    warnings: tuple[Warning_, ...] = ()
    damaged: int = 0
    alternatives: tuple[Alternative, ...] = ()


def decode(data: bytes, encoding: str | None = None) -> Decoded:
    """Decode a whole file: strict UTF-8, marked UTF-16/32, then the most plausible of Chinese and other old codecs.

    Raises UnusableInput for an empty file, a file that is no text, or an unknown `encoding`.
    """
    if not data.strip(b" \t\r\n\x00"):
        raise UnusableInput(N_("The file is empty. Choose a file with a header row and one review per row."))
    refuse_binary(data)
    decoded = _decode_as(data, encoding) if encoding else _guess(data)
    text, warnings = decoded.text.removeprefix("\ufeff"), list(decoded.warnings)
    if "\x00" in text:
        warnings.append(Warning_(N_("{count} NUL characters were removed."), {"count": text.count("\x00")}))
        text = text.replace("\x00", "")
    if not text.strip():
        raise UnusableInput(N_("The file is empty. Choose a file with a header row and one review per row."))
    return Decoded(text, decoded.encoding, tuple(warnings))


def refuse_binary(data: bytes) -> None:
    """Raise UnusableInput, saying what to do, when the bytes are a known format that is no text table."""
    if data.startswith(b"PK\x03\x04"):
        if b"xl/" in data[:4096] or b"[Content_Types].xml" in data[:4096]:
            raise UnusableInput(N_("This is an Excel workbook. Save the sheet as “CSV UTF-8” and open that file."))
        raise UnusableInput(N_("This is a ZIP archive. Unpack it and open the CSV file inside."))
    for signature, kind in _SIGNATURES:
        if data.startswith(signature) and (signature == b"%PDF-" or _CONTROL.search(data[:4096])):
            raise UnusableInput(
                N_("This is {kind}, not a table. Export the reviews as CSV and open that file."), kind=kind
            )


def _decode_as(data: bytes, encoding: str) -> Decoded:
    try:
        name = codecs.lookup(encoding).name
        text = data.decode(encoding, errors="replace")
    except (LookupError, UnicodeError):
        raise UnusableInput(
            N_("There is no encoding named “{encoding}”. Use one such as utf-8, gb18030, utf-16 or cp1252."),
            encoding=encoding,
        ) from None
    return Decoded(text, name, _replacement_warning(text))


def _guess(data: bytes) -> Decoded:
    for mark, codec in _BOMS:
        if data.startswith(mark):
            text = data.decode(codec, errors="replace")
            return Decoded(text, codec, _replacement_warning(text))
    wide = _unmarked_utf16(data)
    if wide:
        text = data.decode(wide, errors="replace")
        return Decoded(text, wide, _replacement_warning(text))
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return _guess_old_codec(data)
    _refuse_noise(text)
    return Decoded(text, "utf-8")


def _unmarked_utf16(data: bytes) -> str | None:
    """UTF-16 without its mark: ASCII letters leave a NUL in every other byte."""
    head = data[: 1 << 16]
    if len(head) < 4 or head.count(0) < len(head) // 5:
        return None
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > 10 * even:
        return "utf-16-le"
    return "utf-16-be" if even > 10 * odd else None


def _guess_old_codec(data: bytes) -> Decoded:
    broken = _broken_utf8(data)
    if broken is not None:
        return broken
    best, best_score = "", 0.0
    for codec, common in _COMMON.items():
        score = _share_common(data.decode(codec, errors="replace"), common)
        if score > best_score + 0.02:  # an equal score goes to the codec named first
            best, best_score = codec, score
        if best_score >= _CERTAIN:
            break
    if best_score >= _PLAUSIBLE:
        text = data.decode(best, errors="replace")
        return Decoded(text, codecs.lookup(best).name, _replacement_warning(text))
    runs = [len(run) for run in re.findall(rb"[\x80-\xff]+", data)]
    fallbacks = ("cp1251",) if sum(runs) >= _CYRILLIC_RUN * len(runs) and _is_cyrillic(data) else _FALLBACKS
    codec = max(fallbacks, key=lambda name: _latin_plausibility(data.decode(name, errors="replace")))
    text = data.decode(codec, errors="replace")
    _refuse_noise(text)
    note = Warning_(
        N_(
            "The encoding is a guess ({encoding}); accented characters may be wrong. Save the file as UTF-8 to be sure."
        ),
        {"encoding": codec},
    )
    return Decoded(text, codecs.lookup(codec).name, (note, *_replacement_warning(text)))


def _broken_utf8(data: bytes) -> Decoded | None:
    """UTF-8 with a few damaged bytes (a cut file, a pasted line); None when it is some other codec."""
    text = data.decode("utf-8", errors="replace")
    bad = text.count("\ufffd")
    good = sum(not char.isascii() for char in text) - bad
    if good == 0 or bad > _BROKEN_UTF8_SHARE * good:
        return None
    return Decoded(text, "utf-8", _replacement_warning(text))


def _share_common(text: str, common: set[str]) -> float:
    """Share of the non-ASCII characters that running text uses most; undecodable ones count double against."""
    counts = Counter(char for char in text if not char.isascii())
    total = sum(counts.values()) + counts["\ufffd"]
    return sum(count for char, count in counts.items() if char in common) / total if total else 0.0


def _latin_plausibility(text: str) -> float:
    """Share of the non-ASCII characters that fit their place: small letters in words, punctuation outside them."""
    fits = total = 0
    for match in re.finditer(r"[^\x00-\x7f]", text):
        char, before, after = (
            match.group(),
            text[match.start() - 1 : match.start()],
            text[match.end() : match.end() + 1],
        )
        category = unicodedata.category(char)
        inside = before.isalpha() and after.isalpha()
        total += 1
        if category == "Ll":
            fits += before.isalpha() or after.isalpha()
        elif category == "Lu":
            fits += not before.islower() and after.isalpha()
        elif char in "’‘":
            fits += 1
        elif category in {"Pi", "Pf", "Pd", "Po", "Sc", "Zs"} or char in "…•°®©™":
            fits += not inside
    return fits / total if total else 1.0


def _is_cyrillic(data: bytes) -> bool:
    """Whether the bytes above ASCII read as Windows Cyrillic words: small letters, capitals first or throughout."""
    text = data.decode("cp1251", errors="replace")
    return sum(text.count(char) for char in "оеаинтсрвл") > 0.4 * sum(not char.isascii() for char in text)


def _refuse_noise(text: str) -> None:
    """Bytes without structure decode to many control characters; a table has next to none."""
    head = text[: 1 << 16]
    controls = sum(unicodedata.category(char) == "Cc" and char not in _USUAL_CONTROLS for char in head)
    if controls > 0.05 * len(head) + 2 or head.count("\x00") > 0.3 * len(head):
        raise UnusableInput(N_("This file is no text table. Export the reviews as CSV and open that file."))


def _replacement_warning(text: str) -> tuple[Warning_, ...]:
    count = text.count("\ufffd")
    if not count:
        return ()
    return (Warning_(N_("{count} bytes could not be read and show as “\ufffd”."), {"count": count}),)
