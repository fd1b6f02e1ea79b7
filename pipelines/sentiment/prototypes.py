"""Likeness to example praise and complaints: where a text's vector lies between two groups of short sentences.

The examples are pairs that differ in little but feeling, in the words of headlines and of reviews, so that what they
are about cancels out of the difference of the two means.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from pipelines.types import FloatArray

Encode = Callable[[list[str]], FloatArray]

# (praise, complaint)
_PAIRS = {
    "en": (
        ("Five stars", "One star"),
        ("Love it!", "Hate it!"),
        ("Works great", "Does not work"),
        ("Excellent product", "Terrible product"),
        ("Great value for the money", "A waste of money"),
        ("Highly recommended", "Do not buy"),
        ("Better than I expected", "Worse than I expected"),
        ("Exactly what I needed", "Not what I ordered"),
        ("Very well made, solid quality", "Cheap junk, poor quality"),
        ("The sound is clear and beautiful", "The sound is noisy and awful"),
        ("Easy to use and does its job", "Hard to use and does nothing"),
        ("Still going strong after a year", "Broke after a week"),
        ("Fantastic service, friendly and helpful staff", "Horrible service, rude and unhelpful staff"),
        ("Quick reply, they solved my problem at once", "No reply, nobody solves my problem"),
        ("Thank you so much, you made my day", "Thanks for nothing, you ruined my day"),
        ("The room was clean, quiet and comfortable", "The room was dirty, loud and uncomfortable"),
        ("The food was delicious and fresh", "The food was cold and disgusting"),
        ("Arrived early and well packed", "Arrived late and damaged"),
        ("The app is fast, simple and useful", "The app keeps crashing and is useless"),
        ("A wonderful experience from start to finish", "A dreadful experience from start to finish"),
        ("I am so happy with this", "I am so disappointed with this"),
        ("This is amazing", "This is ridiculous"),
        ("Best purchase I have made", "Worst purchase I have made"),
        ("We will definitely come back", "We will never come back"),
        ("It makes my life so much easier", "It makes my life so much harder"),
        ("Everything was perfect", "Everything went wrong"),
        ("The trip was smooth and the crew was great", "The trip was cancelled and nobody helped us"),
        ("I use it every day and enjoy it", "I tried it once and sent it back"),
        ("A pleasure to read", "Boring, not worth reading"),
        ("Looks beautiful and fits well", "Looks ugly and does not fit"),
        ("Absolutely thrilled", "Absolutely furious"),
        ("What a great day", "What an awful day"),
        ("So proud and grateful", "So sad and angry"),
        ("I can't wait to use it again", "I can't stand it any more"),
        ("This is exactly right", "This is completely wrong"),
        ("Impressive, well done", "Embarrassing, shame on you"),
        ("You are the best", "You are the worst"),
        ("Good job, keep it up", "Fix this, it is unacceptable"),
        ("A huge improvement", "It got worse and worse"),
        ("Fun to play", "Frustrating to play"),
        ("A brilliant film, funny and moving", "A dull film, stupid and far too long"),
        ("Learned a lot, clear and helpful lessons", "Learned nothing, confusing and useless lessons"),
        ("Fair price, no hidden costs", "Overpriced, they charged me twice"),
        ("They refunded me without a fuss", "They refuse to give my money back"),
        ("The doctor listened and took good care of me", "The doctor was careless and did not listen"),
        ("The driver was polite and on time", "The driver was rude and never showed up"),
        ("Works perfectly with my computer", "Will not connect to my computer"),
        ("The battery lasts for days", "The battery died within hours"),
        ("Strong, sturdy and reliable", "Flimsy, loose and unreliable"),
        ("The colour is lovely and the fabric is soft", "The colour faded and the fabric is scratchy"),
        ("It smells wonderful", "It smells disgusting"),
        ("My kids love it", "My kids hate it"),
        ("A perfect gift, she was delighted", "A bad gift, she was disappointed"),
        ("Setup took two minutes, no problems at all", "Setup took hours, nothing but problems"),
        ("The update made it even better", "The update ruined it"),
        ("I trust this company", "This company is a scam"),
        ("Does a great job for a small price", "Does a poor job, spend your money elsewhere"),
        ("Comfortable and easy to hold", "Uncomfortable and painful to hold"),
        ("Safe, clean and well run", "Unsafe, filthy and badly run"),
        ("I am glad that I chose it", "I regret that I chose it"),
    ),
    "zh": (
        ("五星好评", "一星差评"),
        ("非常满意，强烈推荐。", "非常失望，千万别买。"),
        ("质量很好，用起来很顺手。", "质量太差，用不了几天就坏了。"),
        ("服务热情周到，很开心。", "服务态度恶劣，很生气。"),
        ("好吃又实惠，下次还会再来。", "又贵又难吃，再也不会来了。"),
        ("味道很好，分量也足。", "味道很差，分量太少。"),
        ("送货很快，包装完好。", "送货太慢，包装破了。"),
        ("房间干净安静，住得舒服。", "房间又脏又吵，没法住。"),
        ("性价比很高，物超所值。", "不值这个价，浪费钱。"),
        ("和描述的一样，是正品。", "和描述不符，是假货。"),
        ("内容精彩，读得很过瘾。", "内容空洞，读不下去。"),
        ("软件流畅好用。", "软件老是闪退，没法用。"),
        ("客服回复及时，问题马上解决了。", "客服没人理，问题一直没解决。"),
        ("穿着合身，料子舒服。", "尺码不对，料子粗糙。"),
        ("很新鲜，个头大。", "不新鲜，坏了好几个。"),
        ("孩子很喜欢，谢谢。", "孩子不喜欢，退货了。"),
        ("太棒了，超出预期。", "太差了，远不如预期。"),
        ("用了一年还是很好。", "才用一周就坏了。"),
    ),
}
LANGUAGES = frozenset(_PAIRS)


def direction(language: str, encode: Encode, matrix: FloatArray) -> FloatArray:
    """Where n texts lie between complaints (about −1) and praise (about 1); (n,) float32.

    matrix (n, dim): their vectors, comparable to `encode`'s. The projection on the mean difference of the pairs, 0 half
    way between the two groups, near enough (_MILDER). Tried on four English sets and left: the difference weighed by
    the file's own covariance, which is worse, and classifiers trained on the examples, which are no better.
    """
    pairs = _PAIRS[language]
    examples = np.asarray(encode([text for pair in pairs for text in pair]), dtype=np.float32)
    dim = min(examples.shape[1], matrix.shape[1])
    praise, complaints = examples[0::2, :dim].mean(axis=0), examples[1::2, :dim].mean(axis=0)
    axis = praise - complaints
    length = float(axis @ axis)
    if length < _SHORTEST:
        return np.zeros(len(matrix), dtype=np.float32)
    middle = float((praise + complaints) @ axis) / 2
    place = (matrix[:, :dim] @ axis - middle) * (2.0 / length) + _MILDER[language]
    return np.clip(place, -1.0, 1.0).astype(np.float32)


_MILDER = {"en": 0.1, "zh": 0.0}
"""Praise of most texts is milder than that of the examples: where texts stand when nothing speaks for either side.

Of 0, 0.05 and 0.1 the share of praise came out best with this one on three of four English sets.
"""
_SHORTEST = 1e-9
"""Squared length of a difference below which there is none."""
