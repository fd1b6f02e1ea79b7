import itertools
import math
from pathlib import Path

import numpy as np
import pytest

from pipelines.sentiment import SentimentConfig, contradictions, lexicon_en, models, score, teachers
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


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
@pytest.mark.parametrize(
    ("good", "bad", "things", "language"), [(GOOD, BAD, THINGS, "en"), (GUT, SCHLECHT, DINGE, "zh")]
)
def test_the_share_of_praise_is_that_of_the_file(
    share: float, good: list[str], bad: list[str], things: list[str], language: str, home: Path
) -> None:
    praise = round(400 * share)
    texts = fill(good, things, praise) + fill(bad, things, 400 - praise)
    result = score(texts, [language] * 400, None, None, None)
    assert abs(float((result.score > 0).mean()) - share) <= 0.05


def test_slow_teachers_read_few_and_the_rest_is_learned_from_them(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    alone = teachers._snownlp
    monkeypatch.setattr(teachers, "_snownlp", lambda text: read.append(text) or alone(text))
    texts = fill(GUT, DINGE, 300) + fill(SCHLECHT, DINGE, 300)
    result = score(texts, ["zh"] * 600, None, None, None, SentimentConfig(slow_sample=150))
    assert len(read) == 150
    assert (result.score[:300] > 0).mean() > 0.95 and (result.score[300:] < 0).mean() > 0.95


def test_vader_reads_few_and_a_quick_look_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    alone = lexicon_en.score
    monkeypatch.setattr(lexicon_en, "score", lambda text: read.append(text) or alone(text))
    texts = fill(GOOD, THINGS, 300) + fill(BAD, THINGS, 300)
    result = score(texts, ["en"] * 600, None, None, None, SentimentConfig(slow_sample=150))
    assert len(read) == 150
    assert (result.score[:300] > 0).mean() > 0.95 and (result.score[300:] < 0).mean() > 0.95


def test_a_student_answers_for_texts_that_taught_nothing(home: Path) -> None:
    for good, bad, things, language in ((GOOD, BAD, THINGS, "en"), (GUT, SCHLECHT, DINGE, "zh")):
        texts = [text for pair in zip(fill(good, things, 300), fill(bad, things, 300), strict=True) for text in pair]
        result = score(texts, [language] * 600, None, None, None, SentimentConfig(teacher_sample=250))
        assert (result.score[::2] > 0).mean() > 0.95 and (result.score[1::2] < 0).mean() > 0.95


def test_likeness_meets_the_word_list_half_way() -> None:
    rng = np.random.default_rng(0)
    feeling = rng.choice([-1.0, 1.0], 4000, p=[0.2, 0.8])
    listed = (0.4 * feeling + 0.3 * rng.normal(size=4000)).astype(np.float32)
    direction = (0.2 * feeling + 0.15 * rng.normal(size=4000)).astype(np.float32)
    met = teachers._half_way(direction + np.float32(0.3), np.arange(4000), listed)
    assert float(np.abs(met - direction - 0.15).max()) < 0.02
    flat = np.full(4000, 0.3, dtype=np.float32)
    assert teachers._half_way(flat, np.arange(4000), listed) is flat


@pytest.mark.parametrize("share", [0.05, 0.5, 0.95])
def test_the_share_of_praise_is_measured_in_parts(share: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "_PART", 150)
    praise = round(600 * share)
    texts = fill(GOOD, THINGS, praise) + fill(BAD, THINGS, 600 - praise)
    result = score(texts, ["en"] * 600, None, None, None)
    assert abs(float((result.score > 0).mean()) - share) <= 0.05


def test_a_text_in_both_languages_is_read_by_both_word_lists() -> None:
    chinese, english = ("这个 app 很 terrible awful", "zh"), ("The breakfast was okay. 太难吃了，再也不来", "en")
    for text, language in (chinese, english):
        taught = np.arange(1)
        verdicts = teachers.judge([text], taught, taught, language, None, None)
        assert verdicts.first[0] < 0


def test_parts_of_a_text_together() -> None:
    assert teachers.together(0.0, 0.6) == pytest.approx(0.6)
    assert teachers.together(0.6, -0.6) == pytest.approx(0.0)
    assert 0.6 < teachers.together(0.6, 0.6) < 1.0


def test_stars_put_scores_on_their_own_scale() -> None:
    rng = np.random.default_rng(5)
    praise = rng.random(1500) < 0.8
    # One word in four says the opposite of the stars: a sure text states some 0.9, not 1.
    words = [rng.random(3) < (0.75 if good else 0.25) for good in praise]
    texts = [
        " ".join(f"{'hyvä' if good else 'huono'}{n}" for good, n in zip(row, rng.integers(9, size=3), strict=True))
        for row in words
    ]
    result = score(texts, ["fi"] * 1500, np.where(praise, 5, 1).astype(np.float32), None, None)
    stated = (result.score + 1) / 2
    for low, high in ((0.0, 0.3), (0.7, 1.0)):
        inside = (stated >= low) & (stated <= high)
        assert abs(stated[inside].mean() - praise[inside].mean()) < 0.12


def test_a_model_that_is_given_judges_alone() -> None:
    class Judge:
        def score(self, texts, progress=None):
            return np.array([len(text) / 10 for text in texts], np.float32)

    config = SentimentConfig(model="mine")
    result = score(["good", "x"], ["en", "en"], np.array([1, 5], np.float32), None, None, config, judge=Judge())
    assert result.score.tolist() == pytest.approx([0.4, 0.1]) and result.label.tolist() == ["positive", "neutral"]
    assert str(result.method[0]) == "Judged by the model mine."


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
