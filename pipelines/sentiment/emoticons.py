"""Emoji and Weibo emoticons with their usual polarity: a teacher for any language."""

from __future__ import annotations

import math
import re

EMOTICONS = {
    "[赞]": 1.5, "[强]": 1.5, "[鼓掌]": 1.2, "[爱你]": 1.5, "[心]": 1.2, "[玫瑰]": 1.2, "[笑脸]": 1.0, "[哈哈]": 0.6,
    "[呲牙]": 0.8, "[偷笑]": 0.4, "[可爱]": 1.0, "[good]": 1.5, "[ok]": 0.8, "[给力]": 1.2, "[太开心]": 1.2,
    "[怒]": -1.8, "[发怒]": -1.8, "[衰]": -1.2, "[泪]": -0.8, "[流泪]": -0.8, "[大哭]": -1.0, "[失望]": -1.5,
    "[弱]": -1.5, "[鄙视]": -1.6, "[吐]": -1.8, "[抓狂]": -1.4, "[晕]": -0.8, "[汗]": -0.7, "[怒骂]": -2.0,
    "[白眼]": -1.2, "[伤心]": -1.2, "[心碎]": -1.3, "[生病]": -0.6, "[拜拜]": -0.8, "[微笑]": -0.3,
    "👍": 1.5, "❤": 1.2, "😍": 1.6, "🥰": 1.6, "😊": 1.0, "😁": 0.9, "😀": 0.9, "🎉": 1.0, "💯": 1.4, "🌹": 1.0,
    "👏": 1.2, "😋": 1.2, "💪": 0.8, "😘": 1.3, "👌": 1.0, "⭐": 0.6,
    "👎": -1.6, "😡": -1.8, "😠": -1.6, "🤬": -2.0, "😤": -1.2, "😞": -1.3, "😢": -1.0, "😭": -0.6, "💩": -1.6,
    "🤮": -2.0, "🤢": -1.8, "😒": -1.2, "🙄": -1.2, "😩": -1.1, "💔": -1.3, "😓": -0.8, "😔": -1.0, "🙃": -0.8,
}  # fmt: skip

_FOUND = re.compile("|".join(re.escape(sign) for sign in EMOTICONS))


def score(text: str) -> float:
    """A text's polarity −1…1 by its emoji alone; 0 without any."""
    total = sum(EMOTICONS[match.group()] for match in _FOUND.finditer(text.lower()))
    return total / math.sqrt(total * total + 2.0)
