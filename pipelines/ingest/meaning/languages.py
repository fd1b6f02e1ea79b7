"""The language of every review: as the file says where it is clear, else detected."""

from __future__ import annotations

import re
from collections.abc import Sequence

_NAMES = {
    "zh": "chinese 中文 简体中文 繁体中文 繁體中文 汉语 普通话 国语 mandarin cn zho chi",
    "en": "english 英文 英语 英語 eng",
    "ja": "japanese 日语 日文 日本語 jp jpn",
    "ko": "korean 韩语 韩文 한국어 kr kor",
    "ru": "russian 俄语 русский rus",
    "ar": "arabic 阿拉伯语 العربية ara",
    "de": "german deutsch 德语 deu ger",
    "fr": "french français 法语 fra fre",
    "es": "spanish español 西班牙语 spa",
    "it": "italian italiano 意大利语 ita",
    "pt": "portuguese português 葡萄牙语 por",
    "hi": "hindi",
    "id": "indonesian 印尼语",
    "ms": "malay 马来语",
    "nl": "dutch nederlands 荷兰语 nld dut",
    "tr": "turkish türkçe 土耳其语",
    "pl": "polish polski",
    "sv": "swedish svenska",
    "th": "thai 泰语",
    "vi": "vietnamese 越南语",
}
_CODES = {name: code for code, names in _NAMES.items() for name in names.split()}


def languages_of(texts: Sequence[str], said: Sequence[str] | None) -> list[str]:
    """Language code per text ("und" without a letter); `said`: the file's language column, one cell per text."""
    from pipelines.text import detect_language

    if said is None:
        return [detect_language(text) if text else "und" for text in texts]
    known = {label: code_of(label) for label in set(said)}
    return [known[label] or (detect_language(text) if text else "und") for text, label in zip(texts, said, strict=True)]


def code_of(label: str) -> str:
    """zh for "Chinese", "中文", "zh-CN" and "zh_Hans"; "" where a label names no language."""
    word = label.strip().casefold()
    if word in _CODES:
        return _CODES[word]
    code = re.split(r"[-_]", word)[0]
    return _CODES.get(code, code) if re.fullmatch(r"[a-z]{2}", code) else ""
