"""What a column's name says: halves of a review, aspects, replies and copies, scales, questions of a survey."""

import pytest

from pipelines.ingest.meaning import names


@pytest.mark.parametrize(
    ("name", "side"),
    [
        ("Positive_Review", "praise"),
        ("cons", "complaint"),
        ("优点", "praise"),
        ("最不满意的一点", "complaint"),
        ("What did you like best about the hotel?", "praise"),
        ("3. What could we improve?", "complaint"),
        ("review_likes", None),
        ("评论内容", None),
        ("How likely are you to recommend us?", None),
    ],
)
def test_halves_of_a_review(name, side):
    assert names.side(name) == side


@pytest.mark.parametrize(
    "name", ["服务", "卫生评分", "口味分", "service_rating", "Cleanliness", "work_life_balance", "位置"]
)
def test_aspects(name):
    assert names.is_aspect(name)
    assert names.strengths(name).get("item", names.strengths(name).get("rating")) is not None


@pytest.mark.parametrize(
    "name", ["评分", "overall_service_rating", "average_service_rating", "评论内容", "hotel_location", ""]
)
def test_no_aspects(name):
    assert not names.is_aspect(name)


@pytest.mark.parametrize(
    "name",
    ["追评内容", "商家回复", "cleaned_content", "分词", "replyContent", "Owner response", "keywords", "翻译后内容"],
)
def test_secondhand_texts(name):
    assert names.is_secondhand(name)


@pytest.mark.parametrize("name", ["评论内容", "content", "Open-Ended Response", "Satisfaction Comment", "回访内容"])
def test_firsthand_texts(name):
    assert not names.is_secondhand(name)


@pytest.mark.parametrize("name", ["点赞数", "helpful_votes", "店铺评分", "average_rating", "price", "评论编号"])
def test_no_scores(name):
    assert names.is_no_score(name)


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("What is the main reason for your score?", "text"),
        ("5、您还有什么意见和建议？", "text"),
        ("Overall, how satisfied are you with our service?", "rating"),
        ("2、您对我们的总体满意度打几分？", "rating"),
        ("date of stay", "date"),
        ("Review Created (UTC)", "date"),
        ("comment_en", "text"),
    ],
)
def test_questions_and_phrases(name, role):
    assert max(names.strengths(name), key=names.strengths(name).get) == role


def test_a_sentence_that_ends_in_a_roles_word_is_no_header():
    assert not names.looks_named(["we all love this product"])
    assert names.looks_named(["rating", "date", "What did you like best about us?"])
    assert not names.looks_named(["Is it warm?", "Is it loud?", "review"])


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("im:rating.label", "rating"),
        ("title.label", "title"),
        ("author.name.label", "user"),
        ("content.$t", "text"),
        ("rating.#text", "rating"),
        ("reviews.date._value", "date"),
        ("originalReview.text.text", "text"),
        ("note.text", "text"),
    ],
)
def test_what_a_feed_wraps_values_in_is_no_part_of_the_name(name, role):
    assert max(names.strengths(name), key=names.strengths(name).get) == role


def test_a_wrapped_name_keeps_its_other_meanings():
    assert names.side("pros.value") == "praise"
    assert names.is_aspect("service.value")
    assert names.is_secondhand("reply.label")
    assert names.is_no_score("im:voteCount.label")
    assert names.strengths("x.label") == names.strengths(".label") == {}


def test_strengths_lie_in_their_range():
    found = [
        value
        for name in ("review_date", "rating", "review score", "点评标题")
        for value in names.strengths(name).values()
    ]
    assert all(0 < value <= 1.05 for value in found)
