import pytest

from pipelines.sentiment import emoticons, lexicon_en, lexicon_zh


@pytest.mark.parametrize(
    "text",
    [
        "味道不错",
        "非常满意，下次还会再来",
        "态度很好[赞]",
        "不难吃，还算可以",
        "没有异味，质量好",
        "虽然贵但是很好吃",
        "服務很好，推薦給大家",
        "无可挑剔",
    ],
)
def test_chinese_praise(text: str) -> None:
    assert lexicon_zh.score(text) > 0


@pytest.mark.parametrize(
    "text",
    [
        "味道不好",
        "太难吃了",
        "不推荐",
        "一点都不干净",
        "送餐慢[怒]",
        "太難吃了，浪費錢",
        "客服推脱，电话打不通",
        "味道还行，但是态度太差了",
        "再也不会来了",
        "呵呵，真无语",
    ],
)
def test_chinese_blame(text: str) -> None:
    assert lexicon_zh.score(text) < 0


@pytest.mark.parametrize("text", ["", "好像是昨天下单的", "买了香菇和香蕉", "快递", "abc"])
def test_chinese_without_opinion(text: str) -> None:
    assert lexicon_zh.score(text) == 0


@pytest.mark.parametrize(
    "text",
    [
        "It broke after two days",
        "Still waiting on hold",
        "Would not recommend",
        "Stopped working",
        "Oh great, another delay",
        'The "service" took an hour',
        "Nothing special",
        "Good luck getting a refund",
    ],
)
def test_english_complaints_that_name_no_feeling(text: str) -> None:
    assert lexicon_en.score(text) < 0


@pytest.mark.parametrize(
    "text",
    [
        "Works as described",
        "Sturdy and durable",
        "Can't go wrong with this",
        "No complaints, I love it",
        "Couldn’t be happier",
        "It does not disappoint",
        "Its awesome！",
    ],
)
def test_english_praise(text: str) -> None:
    assert lexicon_en.score(text) > 0


def test_emoji() -> None:
    assert emoticons.score("👍👍") > 0 > emoticons.score("😡") and emoticons.score("x") == 0


@pytest.mark.parametrize("sign", sorted(emoticons.EMOTICONS))
def test_every_sign_is_found_in_a_text(sign: str) -> None:
    assert emoticons.score(f"so {sign} that") * emoticons.EMOTICONS[sign] > 0


@pytest.mark.parametrize(
    "text", ["see http://a.b", "at 12:30", "tattoo (blue)", "size t-tall", "a_b", "3 < 4", "价格:/元"]
)
def test_signs_inside_other_things_are_none(text: str) -> None:
    assert emoticons.score(text) == 0


def test_marks_of_sarcasm_weigh_against_praise() -> None:
    assert emoticons.score("[微笑]") < 0 and emoticons.score("🙃") < 0 and emoticons.score("[doge]") < 0


def test_a_quick_look_hears_words_and_their_negation() -> None:
    assert lexicon_en.quick("Great sound, works perfectly") > 0.3
    assert lexicon_en.quick("It broke, I want a refund") < -0.3
    assert lexicon_en.quick("This is not good") < 0 < lexicon_en.quick("This is good")
    assert lexicon_en.quick("I don’t love it") < 0
    assert lexicon_en.quick("") == lexicon_en.quick("…") == 0.0
