import itertools
import math
from pathlib import Path

import numpy as np
import pytest

from pipelines.sentiment import SentimentConfig, contradictions, score, teachers
from pipelines.types import Sentiment

THINGS = [
    "kettle",
    "blender",
    "room",
    "breakfast",
    "sofa",
    "phone",
    "charger",
    "jacket",
    "app",
    "toaster",
    "lamp",
    "bag",
]
GOOD = [
    "I love this {}, works great",
    "Excellent {}, very happy with it",
    "The {} is wonderful and easy to use",
    "Great {}!",
]
BAD = [
    "This {} broke after a week, terrible",
    "Awful {}, I want a refund",
    "The {} does not work, waste of money",
    "Bad {}.",
]
DINGE = ["水壶", "房间", "早餐", "手机", "耳机", "外套", "软件", "台灯", "书包", "沙发", "牛奶", "苹果"]
GUT = ["这个{}很好，非常满意", "{}质量不错，推荐购买", "{}特别好用，下次还会来"]
SCHLECHT = ["这个{}太差了，很失望", "{}用两天就坏了，垃圾", "{}质量差，再也不买了"]


def fill(templates: list[str], things: list[str], count: int) -> list[str]:
    made = (t.format(thing) + f" {round_}" for round_ in itertools.count() for t in templates for thing in things)
    return list(itertools.islice(made, count))


def test_english_teachers_and_student() -> None:
    texts = fill(GOOD, THINGS, 150) + fill(BAD, THINGS, 150)
    result = score(texts, ["en"] * 300, None, None, None)
    assert result.score.dtype == np.float32 and result.score.shape == (300,)
    assert (result.score[:150] > 0).mean() > 0.95 and (result.score[150:] < 0).mean() > 0.95
    assert result.check is None and "VADER" in str(result.method[0].values)


def test_chinese_teachers_and_student(home: Path) -> None:
    texts = fill(GUT, DINGE, 150) + fill(SCHLECHT, DINGE, 150)
    result = score(texts, ["zh"] * 300, None, None, None)
    assert (result.score[:150] > 0).mean() > 0.95 and (result.score[150:] < 0).mean() > 0.95


def test_a_file_of_praise_stays_one() -> None:
    texts = fill(GOOD, THINGS, 285) + fill(BAD, THINGS, 15)
    result = score(texts, ["en"] * 300, None, None, None)
    assert 0.9 <= (result.score > 0).mean() <= 1.0


@pytest.mark.parametrize("count", [0, 1, 2, 3, 5, 12])
@pytest.mark.parametrize("rated", [True, False])
def test_few_texts(count: int, rated: bool, home: Path) -> None:
    texts = (fill(GOOD, THINGS, 6) + fill(SCHLECHT, DINGE, 6))[:count]
    languages = (["en"] * 6 + ["zh"] * 6)[:count]
    ratings = np.array([5, 1] * 6, dtype=np.float32)[:count] if rated else None
    result = score(texts, languages, ratings, None, None)
    assert len(result.score) == len(result.label) == len(result.confidence) == count
    assert np.isfinite(result.score).all() and (np.abs(result.score) <= 1).all()
    assert set(result.label) <= {"negative", "neutral", "positive"}


def test_equal_texts() -> None:
    result = score(["good"] * 400, ["en"] * 400, np.full(400, 5, np.float32), None, None)
    assert len(set(result.score.tolist())) == 1 and result.label[0] == "positive"


def test_a_language_without_teacher_is_neutral_and_unsure() -> None:
    result = score(["hyvä tuote", "huono 😡"], ["fi", "fi"], None, None, None)
    assert result.score[0] == 0 and result.confidence[0] == 0 and result.label[0] == "neutral"
    assert result.label[1] == "negative"


def test_stars_teach_a_language_without_teacher() -> None:
    texts = [f"hyvä tuote {i % 7}" if i % 2 else f"huono laite {i % 5}" for i in range(400)]
    ratings = np.where(np.arange(400) % 2, 5, 1).astype(np.float32)
    # Equal texts share a fold: they are scored by other texts' stars.
    result = score(texts, ["fi"] * 400, ratings, None, None)
    assert ((result.score > 0) == (ratings > 3)).mean() > 0.95
    assert result.check is not None and result.check["n"] == 400 and result.check["auc"] > 0.95


def test_stars_never_leak_into_their_own_text() -> None:
    rng = np.random.default_rng(3)
    texts = [" ".join(f"w{i}x{j}" for j in range(5)) + f" {i}" for i in range(600)]
    ratings = rng.choice([1.0, 5.0], 600).astype(np.float32)
    result = score(texts, ["fi"] * 600, ratings, None, None)
    assert result.check is None or abs(result.check.get("auc", 0.5) - 0.5) < 0.08


def test_contradictions_are_found_and_ranked() -> None:
    texts = fill(GOOD, THINGS, 200) + fill(BAD, THINGS, 200)
    ratings = np.array([5] * 200 + [1] * 200, dtype=np.float32)
    ratings[[3, 50]] = 1
    ratings[[220, 333]] = 5
    ratings[10] = np.nan
    ratings[11] = 3
    result = score(texts, ["en"] * 400, ratings, None, None)
    places, strength = contradictions(ratings, result)
    assert set(places.tolist()) == {3, 50, 220, 333}
    assert (np.diff(strength) <= 0).all() and (strength <= 1).all()


def test_no_ratings_no_contradictions() -> None:
    nothing = Sentiment(np.zeros(3, np.float32), np.array(["neutral"] * 3), np.zeros(3, np.float32), ())
    places, strength = contradictions(None, nothing)
    assert len(places) == len(strength) == 0
    assert len(contradictions(np.array([1, 5, 3], np.float32), nothing)[0]) == 0


def test_prototypes_help_where_words_are_unknown() -> None:
    texts = [f"zork {i}" for i in range(60)]
    matrix = np.zeros((60, 4), dtype=np.float32)
    matrix[:30, 0], matrix[30:, 1] = 1.0, 1.0

    def encode(examples: list[str]) -> np.ndarray:
        # Praise and complaints take turns.
        return np.array([[0, 1, 0, 0] if i % 2 else [1, 0, 0, 0] for i in range(len(examples))], np.float32)

    result = score(texts, ["en"] * 60, None, encode, matrix)
    assert (result.score[:30] > 0).all() and (result.score[30:] < 0).all()
    assert "likeness" in str(result.method[0].values)


def test_same_input_same_bits() -> None:
    texts = fill(GOOD, THINGS, 150) + fill(BAD, THINGS, 150)
    config = SentimentConfig(teacher_sample=200)
    first, second = (score(texts, ["en"] * 300, None, None, None, config) for _ in range(2))
    assert first.score.tobytes() == second.score.tobytes()


@pytest.mark.filterwarnings("ignore")  # SnowNLP's own sources
def test_snownlp_is_read_as_it_reads_itself() -> None:
    from snownlp import normal, sentiment

    praise, blame = (sentiment.classifier.classifier.d[kind] for kind in ("pos", "neg"))
    odds = teachers._snownlp_odds()
    assert odds.keys() == (set(praise.samples()) | set(blame.samples())) - set(normal.stop)
    for word in ("满意", "失望", "不错", "差"):
        expected = math.log(praise.freq(word)) - math.log(blame.freq(word))
        assert odds[word] == pytest.approx(expected)
