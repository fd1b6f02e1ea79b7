"""Reviews cut by hand, and where the cutter cuts them; pieces are written with | between them."""

import pytest

from pipelines.units import sentences

ENGLISH = [
    "The room was clean, |breakfast was awful |and the staff were rude.",
    "Setup took five minutes. |The app crashes, |though the hardware is great.",
    "It heats quickly, |it is quiet, |and the manual is clear.",
    "The view is lovely |but the bathroom smells of damp |and the window does not close.",
    "Delivery was late, |the box was crushed, |and nobody answered my mail.",
    "I like the grinder, the frother and the tank.",
    "The driver, who was very polite, carried it upstairs.",
    "When the pump starts, the whole kitchen shakes.",
    "If you have small cups, they do not fit.",
    "I had no choice but to return it.",
    "The refund has not yet been paid to me.",
    "Not only quick but also very quiet.",
    "However hard I try, the lid will not close.",
    "It is a bit loud though, |but I got used to it.",
    "Great value for money, |however it leaks a little.",
    "The screen is bright.|The battery is weak.",
    "Love the colour so much 😍 |Shipping took three weeks 😡",
    "Costs 3.5 dollars at acme.de and works.",
    "Best purchase this year! |Would buy again in a heartbeat... |the milk jug is small",
    "Unfortunately it broke after a week.",
    "The room is small, |but a great breakfast is included.",
    "He said &quot;come back later&quot; and left us standing.",
]
CHINESE = [
    "房间很干净，|早餐太难吃。|前台态度好",
    "位置好找|但是房间隔音差",
    "早餐品种丰富|虽然咖啡一般",
    "自助早餐、健身中心、游泳池都不错",
    "1.房间很大|2.早餐一般|3.停车方便",
    "位置很好找[赞]|就是隔壁太吵[怒]",
    "服务很好👍👍|房间小了点👎",
    "送餐特别慢 |味道也一般般",
    "价格1,200元有点贵，|不过服务好",
    "一分钱一分货，|只是因为便宜才住",
    "性价比不错！|可惜离地铁远",
    "不过如此，很一般",
    "优点：位置好 |缺点：隔音差",
    "App做得不错，| but it crashes every day",
    "很好，很满意",
]


@pytest.mark.parametrize("cut", [*ENGLISH, *CHINESE])
def test_where_reviews_are_cut(cut):
    assert sentences(cut.replace("|", "")) == [piece.strip() for piece in cut.split("|")]


@pytest.mark.parametrize(
    "text", ["", " ", "😡", "…", "but", "但是", "1. 2. 3.", "a, b and the c", "&;&;", "\n\n\r", "，，，"]
)
def test_nothing_is_lost(text):
    assert "".join("".join(sentences(text)).split()) == "".join(text.split()) or sentences(text) == [text]


def test_the_pieces_are_the_review():
    whole = " ".join(cut.replace("|", "") for cut in [*ENGLISH, *CHINESE])
    assert "".join("".join(sentences(whole)).split()) == "".join(whole.split())
