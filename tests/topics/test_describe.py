from pathlib import Path

import numpy as np
import pytest

from pipelines.errors import Cancelled
from pipelines.topics import TopicConfig, describe, terms

DELIVERY = [
    "The delivery was late and the food arrived cold",
    "Late delivery again, cold food",
    "Late deliveries every single week",
    "Cold food because of another late delivery",
    "Waited two hours, late delivery",
]
STAFF = [
    "Friendly staff at the front desk",
    "The front desk staff was so friendly",
    "Front desk helped us quickly, friendly staff",
    "Lovely people at the front desk",
    "Staff at the front desk smiled",
]
SLOW = ["送餐太慢了", "送餐很慢，态度也很差", "等了一小时，送餐慢", "送餐真的慢，骑手态度差", "态度很差，送餐特别慢"]
CLEAN = ["房间干净，隔音好", "房间非常干净", "床单很干净，房间宽敞", "房间宽敞，也很干净", "干净的房间，早餐丰富"]


def vectors(labels: np.ndarray) -> np.ndarray:
    rng = np.random.default_rng(1)
    matrix = rng.normal(scale=0.1, size=(len(labels), 8))
    matrix[np.arange(len(labels)), labels % 8] += 1.0
    return (matrix / np.linalg.norm(matrix, axis=1, keepdims=True)).astype(np.float32)


def topics_of(texts: list[str], languages: list[str], labels: list[int], **config: int):
    array = np.array(labels, dtype=np.int32)
    strength = np.ones(len(labels), dtype=np.float32)
    return describe(texts, languages, array, strength, vectors(array), TopicConfig(**config))


def test_english_names_are_phrases() -> None:
    topics = topics_of(DELIVERY + STAFF, ["en"] * 10, [0] * 5 + [1] * 5)
    assert topics[0].name.split(" · ")[0] == "late delivery"
    assert "front desk" in topics[1].name
    assert [topic.id for topic in topics] == [0, 1]


def test_plural_and_singular_are_counted_together() -> None:
    topics = topics_of(DELIVERY + STAFF, ["en"] * 10, [0] * 5 + [1] * 5)
    counts = {word: count for word, _, count in topics[0].keywords}
    assert counts["late delivery"] == 4
    assert not {"delivery", "deliveries", "late deliveries"} & counts.keys()


def test_english_function_words_in_a_chinese_review_are_no_terms() -> None:
    said = {term.surface for term in terms.extract("更新之后闪退，the app crashes on the iPhone with The widget", "zh")}
    assert {"闪退", "app", "iphone", "widget"} <= {one.lower() for one in said}
    assert not [one for one in said if {"the", "with"} & set(one.lower().split())]
    named = {term.surface.lower() for term in terms.extract("Keep手环不错，操作不OK", "zh")}
    assert {"keep", "keep手环", "不ok"} <= named


def test_chinese_names_are_collocations(home: Path) -> None:
    topics = topics_of(SLOW + CLEAN, ["zh"] * 10, [0] * 5 + [1] * 5)
    assert topics[0].name == "送餐慢 · 态度差"
    assert "房间" in topics[1].name
    assert all("很" not in word for topic in topics for word, _, _ in topic.keywords)


def test_a_negation_stays_in_the_term(home: Path) -> None:
    texts = ["水果不新鲜", "蔬菜很不新鲜", "海鲜不新鲜", "态度很好", "服务态度好", "态度好"]
    topics = topics_of(texts, ["zh"] * 6, [0, 0, 0, 1, 1, 1])
    assert "不新鲜" in topics[0].name
    assert "新鲜" not in [word for word, _, _ in topics[0].keywords]


def test_names_are_unique_when_texts_are_alike() -> None:
    topics = topics_of(["late delivery"] * 6, ["en"] * 6, [0, 0, 1, 1, 2, 2])
    assert len({topic.name for topic in topics}) == 3
    assert all(topic.name for topic in topics)


@pytest.mark.parametrize("texts", [["👍👍👍", "👍"], ["...", "!!"], ["", " "], ["the of", "and"]])
def test_texts_without_words_get_a_name(texts: list[str], home: Path) -> None:
    topics = topics_of(texts, ["und", "und"], [0, 1])
    assert all(topic.name for topic in topics) and topics[0].name != topics[1].name


def test_emoji_name() -> None:
    assert topics_of(["👍👍👍", "👍"], ["und"] * 2, [0, 0])[0].name == "👍"


def test_no_topics() -> None:
    assert topics_of([], [], []) == ()
    assert topics_of(["a text", "another"], ["en", "en"], [-1, -1]) == ()


def test_one_text() -> None:
    (topic,) = topics_of(["Late delivery"], ["en"], [0])
    assert topic.name == "late delivery" and topic.exemplars == (0,)


def test_other_languages_get_words() -> None:
    texts = ["Доставка опоздала", "Опоздала доставка снова", "Вежливый персонал", "Персонал вежливый"]
    topics = topics_of(texts, ["ru"] * 4, [0, 0, 1, 1])
    assert "доставка" in topics[0].name and "персонал" in topics[1].name


def test_exemplars_are_core_and_of_their_topic() -> None:
    labels = np.array([0] * 5 + [1] * 5, dtype=np.int32)
    strength = np.array([1, 1, 1, 0.1, 0.1] * 2, dtype=np.float32)
    topics = describe(DELIVERY + STAFF, ["en"] * 10, labels, strength, vectors(labels), TopicConfig(exemplars=2))
    assert len(topics[0].exemplars) == 2 and set(topics[0].exemplars) <= {0, 1, 2}
    assert set(topics[1].exemplars) <= {5, 6, 7}


def test_handles_and_links_are_no_keywords() -> None:
    texts = ["@shop cold soup https://example.com/x", "@shop cold soup &amp; bread"]
    (topic,) = topics_of(texts, ["en"] * 2, [0, 0])
    assert not any("shop" in word or "http" in word or "amp" in word for word, _, _ in topic.keywords)


def test_can_be_cancelled() -> None:
    def stop(*_: object, **__: object) -> None:
        raise Cancelled

    labels = np.zeros(5, dtype=np.int32)
    with pytest.raises(Cancelled):
        describe(DELIVERY, ["en"] * 5, labels, np.ones(5, np.float32), vectors(labels), progress=stop)
