"""Emoji, Weibo emoticons and faces made of signs with their usual polarity: a teacher for any language."""

from __future__ import annotations

import math
import re

# Value → signs. Below 0 stand, too, the marks of those who mean the opposite of what they write: 🙃, [微笑], [doge].
_SIGNS = {
    1.6: "😍 🥰 🤩 [爱你] [给你小心心] [比心] [心心]",
    1.5: "👍 💯 [赞] [讚] [赞啊] [中国赞] [强] [强壮] [good]",
    1.2: (
        "❤ 💕 💖 💗 💓 💞 💝 💘 😘 🥳 👏 🙌 🏆 🥇 [鼓掌] [心] [爱心] [玫瑰] [鲜花] [花心] [给力] [威武] [太开心] "
        "[送花花] [亲亲]"
    ),
    1.0: (
        "😊 ☺ 😃 😄 😁 😀 🤗 😻 🎉 🎊 🌹 💐 👌 💙 💚 💛 💜 🧡 😇 😋 ✨ 🌟 ^_^ ^-^ ^o^ :) :-) :d :-d =) (≧▽≦) "
        "[笑脸] [可爱] [耶] [嘻嘻] [愉快] [胜利] [庆祝] [拥抱] [抱抱] [呲牙] [大笑] [ok] [加油] [太阳]"
    ),
    0.6: (
        "⭐ 💪 😎 😌 🙂 😉 ✅ ✔ 🔥 🌸 [哈哈] [色] [酷] [握手] [憨笑] [得意] [礼物] [蛋糕] [憧憬] [奋斗] [调皮] "
        ";) ;-) <3"
    ),
    0.3: "🙏 😆 😂 🤣 [偷笑] [坏笑] [害羞] [笑cry]",
    -0.3: "🤔 😏 😐 😑 😴 🤷 😅 😱 😳 [微笑] [doge] [二哈] [疑问] [发呆] [困] [并不简单] [惊讶] [捂脸]",
    -0.8: (
        "🙃 😭 😓 😕 😟 🙁 ☹ 😬 😰 😥 🤦 💀 ⚠ 😿 :( :-( :'( :/ :-/ t_t t-t tat qaq orz =_= -_- >_< [汗] [晕] [泪] "
        "[流泪] [可怜] [允悲] [摊手] [拜拜] [生病] [尴尬] [惊恐] [费解] [挖鼻] [跪了] [打脸]"
    ),
    -1.2: (
        "😞 😢 😔 😒 🙄 😤 😩 😫 😣 😖 ☠ 💔 🤡 👿 🚫 ❌ [衰] [大哭] [伤心] [悲伤] [难过] [心碎] [白眼] [抓狂] [黑线] "
        "[委屈] [裂开] [苦涩] [撇嘴] [哼] [敲打] [菜刀] [骷髅] [no]"
    ),
    -1.6: "👎 😠 💩 🤢 🗑 [弱] [失望] [鄙视] [便便] [傲慢] [差劲] [生气]",
    -1.9: "😡 🤬 🤮 🖕 [怒] [发怒] [怒骂] [咒骂] [吐] [吐血]",
}
EMOTICONS = {sign: value for value, signs in _SIGNS.items() for sign in signs.split()}


def _pattern(sign: str) -> str:
    """The sign as it stands alone: "http:/", "Part-Time" and "12:(" hold no faces."""
    escaped = re.escape(sign)
    plain = sign.isascii() and not sign.startswith("[")
    return rf"(?<![\w:/]){escaped}(?![\w/])" if plain else escaped


_FOUND = re.compile("|".join(_pattern(sign) for sign in sorted(EMOTICONS, key=len, reverse=True)))
_MAY_HOLD = re.compile("[\\[:;=^_<>≧☠-➿⭐\U0001f300-\U0001faff]|tat|qaq|orz|t-t|-_-")
"""What is looked for first: most texts hold none of it, and the long search is saved."""

_EVENING = 2.0


def score(text: str) -> float:
    """A text's polarity −1…1 by its emoji alone; 0 without any."""
    lowered = text.lower()
    if _MAY_HOLD.search(lowered) is None:
        return 0.0
    total = sum(EMOTICONS[match.group()] for match in _FOUND.finditer(lowered))
    return total / math.sqrt(total * total + _EVENING)
