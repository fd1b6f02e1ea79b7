"""How much a decoded text looks like text that people write: what a codec is chosen by, beside letter statistics.

A wrong codec shows in three ways, each counted per character above ASCII: a character that is no text (unassigned,
private, a control, a piece of a box), one that stands in the wrong place (a capital after a small letter, a sign within
a word, a Cyrillic letter in a Latin word), and letters that no one language has together.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

CAP = 8_000
"""Characters weighed in one text, evenly over it: more do not change the share."""

_LETTERS = {
    "en": "éèêëïöüñçàâôî",
    "fr": "éèêëàâçîïôùûüœæ",
    "de": "äöüßé",
    "es": "áéíóúüñ",
    "pt": "áâãàçéêíóôõúü",
    "it": "àèéìíîòóùú",
    "nl": "éèëïöüêóáí",
    "ca": "àçéèíïóòúü",
    "sv fi et": "åäöéüõšž",
    "da nb": "æøåéóòèôü",
    "is": "áðéíóúýþæö",
    "pl": "ąćęłńóśźż",
    "cs sk": "áäčďéěíĺľňóôŕřšťúůýž",
    "hu": "áéíóöőúüű",
    "ro": "ăâîșțşţ",
    "hr sl": "čćđšž",
    "tr": "çğıöşüâîûİ",
    "lt": "ąčęėįšųūž",
    "lv": "āčēģīķļņšūž",
    "vi": "àáãâăèéêìíòóõôơùúýđưỳạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỵỷỹ\u0300\u0301\u0303\u0309\u0323",
}
_CYRILLIC = "".join(map(chr, range(0x430, 0x450)))
_CYRILLIC_LETTERS = {
    "ru bg": _CYRILLIC + "ё",
    "uk be": _CYRILLIC + "ґєіїўё",
    "sr mk": _CYRILLIC + "ђѓјљњћќџѕ",
}
# One alphabet of each script is the text's: Polish letters beside Turkish ones are no language.
_ALPHABETS = [
    [frozenset(letters + letters.upper()) for letters in script.values()] for script in (_LETTERS, _CYRILLIC_LETTERS)
]
_LISTED = [frozenset[str]().union(*alphabets) for alphabets in _ALPHABETS]
_BY_SCRIPT = list(zip(_ALPHABETS, _LISTED, strict=True))
_LATIN = _LISTED[0]
_RARER = frozenset("Œœ")
"""Letters that hardly a text has, and that other codecs' accents show as."""
_COMMON_LETTERS = (
    (0x386, 0x3CE),  # Greek
    (0x401, 0x45F),  # Cyrillic
    (0x490, 0x491),
    (0x5D0, 0x5EA),  # Hebrew
    (0x621, 0x6D3),  # Arabic
    (0x900, 0xDFF),  # India's scripts
    (0xE01, 0xE4E),  # Thai
    (0x1EA0, 0x1EF9),  # Vietnamese
)
_USUAL = frozenset("“”‘’„‚«»‹›–—…•·°©®™€£¥¢§×½¼¾²³ªº¿¡\u00a0\u00ad\u200b№¹")
_IN_WORDS = frozenset("’‘·\u200b–—\u200c\u200d")
_OPENING, _CLOSING = frozenset("“„‚«‹¿¡"), frozenset("”»›…™®")
_STOPS_ALONE = 0.7  # a letter that is a word of its own: à, é, и, я
_UNUSUAL = 0.2
_LEAST_VOWELS = 0.25  # running Thai has about 0.6 a consonant
_HALF = 0.5


def plausibility(text: str) -> float:
    """Share (0…1) of the characters above ASCII that fit their place and belong together; 1.0 where there are none."""
    triples = _triples(text)
    total = sum(triples.values())
    if not total:
        return 1.0
    others = frozenset[str]().union(*(letters - _best(alphabets, triples) for alphabets, letters in _BY_SCRIPT))
    points = 0.0
    for (before, char, after), count in triples.items():
        points += _fit(before, char, after) * (_HALF if char in others else 1.0) * count
    if _thai_without_vowels(triples):
        points *= _HALF
    return points / total


def character_fit(characters: Iterable[str]) -> float:
    """Mean fit (0…1) of characters by themselves, wherever they stand, ASCII included; 0.0 for none."""
    counts = Counter(characters)
    total = sum(counts.values())
    return sum(_alone(char) * count for char, count in counts.items()) / total if total else 0.0


def _triples(text: str) -> Counter[tuple[str, str, str]]:
    places = [match.start() for match in re.finditer(r"[^\x00-\x7f]", text)]
    step = len(places) // CAP + 1
    return Counter((text[at - 1 : at] if at else "", text[at], text[at + 1 : at + 2]) for at in places[::step])


def _thai_without_vowels(triples: Counter[tuple[str, str, str]]) -> bool:
    """Whether there are Thai consonants with hardly a vowel sign: what two-byte codecs of others show as Thai."""
    consonants = sum(count for (_, char, _), count in triples.items() if "\u0e01" <= char <= "\u0e2e")
    vowels = sum(count for (_, char, _), count in triples.items() if "\u0e30" <= char <= "\u0e4e")
    return consonants > 0 and vowels < _LEAST_VOWELS * consonants


def _best(alphabets: list[frozenset[str]], triples: Counter[tuple[str, str, str]]) -> frozenset[str]:
    """The alphabet of the one language that has most of the letters counted."""
    letters: Counter[str] = Counter()
    for (_, char, _), count in triples.items():
        letters[char] += count
    return max(alphabets, key=lambda own: sum(letters[char] for char in own))


@lru_cache(maxsize=1 << 16)
def _fit(before: str, char: str, after: str) -> float:
    """How well a character above ASCII fits between its neighbours ("" at an end), 0…1."""
    category = unicodedata.category(char)
    alone = _alone(char)
    if not alone or ord(char) >= 0x2E80:
        # East Asian writing puts no spaces between words or scripts, but one such letter within a Western word is none.
        return alone * (_UNUSUAL if _is_letter(before) and _is_letter(after) else 1.0)
    if before == char == after:
        alone *= _HALF  # no language doubles a letter twice; fillers and damage do
    if category[0] in "LM" and char not in "ªº":
        return alone * _letter_fit(before, char, after, category)
    return alone * _sign_fit(before, char, after)


def _letter_fit(before: str, char: str, after: str, category: str) -> float:
    latin = ord(char) < 0x250
    beside = [other for other in (before, after) if other.isalpha()]
    if any(_is_latin(other) != latin for other in beside if ord(other) < 0x2E80):
        return 0.0
    if category == "Ll":
        if before.isupper() and after.isupper() and char != "ß":
            return 0.0
        return 1.0 if beside else _STOPS_ALONE
    if category == "Lu":
        if before.islower():
            return 0.0
        if before.isupper() and after.islower():
            return _HALF
        return 1.0 if beside else _HALF
    return 1.0 if beside or category[0] == "M" else _HALF


def _sign_fit(before: str, char: str, after: str) -> float:
    if char in "–—•" and before.isalpha() and after.isspace():
        return _HALF  # a stroke or a point that belongs to one word is a letter misread
    if char in _IN_WORDS:
        return 1.0
    if char == "\u00ad":
        return 1.0 if before.isalpha() and after.isalpha() else 0.0
    if char == "\u00a0" and before.isalpha() and after.isalpha():
        return _HALF
    if char in "•…" and after.isalpha():
        return 0.7 if before.isalpha() else 0.9
    if before.isalpha() and after.isalpha() and ord(before) < 0x2E80 > ord(after):
        return 0.0
    if char in "²³¹½¼¾":
        return 1.0 if before.isdigit() or before in {"m", " ", ""} else _UNUSUAL
    if char in "ªº":
        return 1.0 if before.isdigit() or before in {"n", "N", "."} else _UNUSUAL
    if char in "€£¥¢":
        return 1.0 if before.isdigit() or after.isdigit() or " " in (before, after) else _HALF
    if (char in _OPENING and before.isalpha()) or (char in _CLOSING and after.isalpha()):
        return _UNUSUAL
    if (char in _OPENING and after.isspace()) or (char in _CLOSING and before == " "):
        return 0.8
    return 1.0


def _is_letter(char: str) -> bool:
    return char.isalpha() and ord(char) < 0x250


def _is_latin(char: str) -> bool:
    return char.isascii() or ord(char) < 0x250 or 0x1E00 <= ord(char) < 0x1F00


@lru_cache(maxsize=1 << 16)
def _alone(char: str) -> float:
    """How usual a character is in written text, whatever stands beside it, 0…1."""
    code, category = ord(char), unicodedata.category(char)
    if code < 0x80:
        return 1.0 if char.isprintable() or char in "\t\r\n" else 0.0
    if category in {"Cc", "Cn", "Co", "Cs"} or char == "\ufffd":
        return 0.0
    if code < 0x2E80:
        return _western(char, code, category)
    return _eastern(char, code)


def _western(char: str, code: int, category: str) -> float:
    if char in _RARER:
        return 0.8
    if char in _USUAL or char in _LATIN:
        return 1.0
    if category[0] in "LM":
        if code < 0x250:
            return _UNUSUAL
        common = any(first <= code <= last for first, last in _COMMON_LETTERS)
        return 1.0 if common or char in "\u0300\u0301\u0303\u0309\u0323" else _HALF
    if 0x2500 <= code < 0x25A0:  # pieces of boxes: what DOS code pages show where letters were meant
        return 0.0
    return 1.0 if 0x660 <= code <= 0x66D or char in "،؛؟★☆✓✔❤♥☺→←↑↓■□●○◆◇℃√≥≤①②③④⑤⑥⑦⑧⑨⑩" else _UNUSUAL


def _eastern(char: str, code: int) -> float:
    if 0x4E00 <= code <= 0x9FFF:
        return _han(char)
    if 0xAC00 <= code <= 0xD7A3:
        return 1.0 if _encoded(char, "euc_kr") else _UNUSUAL
    if 0xFF61 <= code <= 0xFF9F:  # half-width kana: what Shift-JIS shows of nearly any single byte
        return _HALF
    if 0x3000 <= code <= 0x30FF or 0xFF01 <= code <= 0xFFE6 or code >= 0x1F000:
        return 1.0
    return _UNUSUAL


def _han(char: str) -> float:
    """By the standards' own first levels: the characters in common use, 3,755 (GB 2312), 5,401 (Big5), 2,965 (JIS)."""
    gb, big5, jis = _encoded(char, "gb2312"), _encoded(char, "big5"), _encoded(char, "euc_jp")
    if b"\xb0" <= gb[:1] <= b"\xd7" or b"\xa4" <= big5[:1] <= b"\xc6" or b"\xb0" <= jis[:1] <= b"\xcf":
        return 1.0
    return _HALF if gb else _UNUSUAL


def _encoded(char: str, codec: str) -> bytes:
    try:
        return char.encode(codec)
    except UnicodeEncodeError:
        return b""
