from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from pipelines import embed, search
from pipelines.errors import UnusableInput
from pipelines.store.bundle import write_bundle
from pipelines.store.reader import Bundle, open_bundle
from tests.sample_bundle import parts, sample_bundle
from tests.search.read_reviews import read_parts


@pytest.fixture(scope="module")
def hostile(tmp_path_factory) -> Bundle:
    """Read by a model that is not the one its identity names: only words can be asked."""
    made = replace(parts(120), identity={"name": "own"})
    return open_bundle(write_bundle(tmp_path_factory.mktemp("hostile") / "bundle", made))


@pytest.fixture(scope="module")
def read(tmp_path_factory) -> Bundle:
    return open_bundle(write_bundle(tmp_path_factory.mktemp("read") / "bundle", read_parts()))


def texts(bundle: Bundle, found: search.Found) -> list[str]:
    return bundle.points["text"].iloc[found.positions].tolist()


def is_whole(found: search.Found) -> bool:
    """As many of each as there are hits, each hit once, best first."""
    sizes = {len(found), len(found.score), len(found.similarity), len(found.words), len(found.clear)}
    once = len({*found.positions.tolist()}) == len(found)
    return len(sizes) == 1 and once and bool(np.all(np.diff(found.score) <= 1e-6))


def test_words_are_found_in_their_forms_and_said(hostile):
    found = search.search(hostile, "loud GRINDERS", mode="words", limit=10)
    assert found.how == "words"
    assert is_whole(found)
    assert all("grinder" in text for text in texts(hostile, found))
    assert {*found.words} == {("grinders",)}
    # "louder" is no form of "loud": no review holds both words.
    assert not found.clear.any()
    assert np.isnan(found.similarity).all()
    both = search.search(hostile, "espresso grinder", mode="words", limit=10)
    assert both.clear.all()
    assert len(both.clear_positions) == 54


def test_a_model_that_cannot_be_asked_leaves_the_words_and_says_so(hostile):
    found = search.search(hostile, "espresso")
    assert found.how == "unread"
    assert len(found) == 50
    with pytest.raises(UnusableInput, match="own"):
        search.search(hostile, "espresso", mode="vectors")


@pytest.mark.parametrize("typed", ["", "  ", "\x00\u202e"])
def test_nothing_is_found_for_nothing(hostile, typed):
    assert len(search.search(hostile, typed)) <= 1


@pytest.mark.parametrize(
    ("typed", "held"), [("<script>", "script"), ("'; DROP TABLE", "DROP"), ("\U0001f600", "\U0001f600"), ("{n}", "{n}")]
)
def test_hostile_texts_and_signs_are_only_text(hostile, typed, held):
    assert held.lower() in texts(hostile, search.search(hostile, typed, limit=1))[0].lower()


def test_filters_apply_before_the_limit(hostile, read):
    allowed = hostile.points["rating"].to_numpy() == 5
    found = search.search(hostile, "espresso", allowed=allowed, limit=1000)
    said = hostile.points["text"].str.contains("espresso").to_numpy()
    assert {*found.positions.tolist()} == {*np.flatnonzero(said & allowed).tolist()}
    coffee = np.arange(len(read.points)) % 9 // 3 == 1
    within = search.search(read, "delayed delivery", allowed=coffee, limit=5)
    assert len(within) == 5
    assert coffee[within.positions].all()
    assert len(search.search(read, "delayed delivery", allowed=np.zeros(len(coffee), dtype=bool))) == 0


def test_meaning_finds_what_no_word_does(read):
    assert len(search.search(read, "delayed delivery", mode="words")) == 0
    found = search.search(read, "delayed delivery", limit=20)
    assert found.how == "fused"
    assert is_whole(found)
    late = ("parcel", "arrived", "Shipping")
    assert np.mean([any(word in text for word in late) for text in texts(read, found)]) > 0.9
    assert found.clear[:5].all()
    assert np.all(found.similarity[found.clear] >= found.cut)
    assert {*found.positions[found.clear].tolist()} <= {*found.clear_positions.tolist()}


def test_words_and_meaning_together_go_first(read):
    found = search.search(read, "espresso", limit=24)
    first = texts(read, found)[:8]
    assert all("espresso" in text for text in first)
    assert all(found.words[i] == ("espresso",) for i in range(8))


def test_what_nothing_means_is_not_clear(read):
    found = search.search(read, "constitutional law of Norway")
    assert not found.clear.any()
    assert len(found.clear_positions) == 0


def test_the_same_is_found_again(read):
    one, other = (search.search(read, "battery at noon", limit=9) for _ in range(2))
    np.testing.assert_array_equal(one.positions, other.positions)
    np.testing.assert_array_equal(one.score, other.score)


def test_more_like_a_review_are_its_kind_without_itself(read):
    place = 3  # The espresso tastes bitter, number 0
    unit = int(read.points["unit_id"].iloc[place])
    found = search.like(read, unit, limit=7)
    assert is_whole(found)
    assert place not in found.positions
    assert all("espresso" in text for text in texts(read, found))
    assert all("espresso" in words for words in found.words)
    allowed = np.arange(len(read.points)) % 9 != place
    assert not any("espresso" in text for text in texts(read, search.like(read, unit, allowed=allowed)))


def test_repeats_of_a_review_are_not_more_like_it(tmp_path):
    bundle = sample_bundle(tmp_path, 60)
    repeats = {57, 58, 59}
    assert repeats.isdisjoint(search.like(bundle, 58, limit=100).positions.tolist())
    assert len(search.like(bundle, 58, limit=100)) == 57
    with pytest.raises(UnusableInput, match="60"):
        search.like(bundle, 60)


def test_no_review_at_all(tmp_path):
    bundle = sample_bundle(tmp_path, 0)
    assert len(search.search(bundle, "espresso")) == 0


def test_a_question_finds_what_answers_it_in_other_words_and_in_another_language(tmp_path):
    """降温了穿什么好看: layering advice that shares no word with it, by the offline Chinese embedder."""
    advice = [
        "薄毛衣外面叠一件风衣，保暖又有型", "里面加件羊毛衫，外套选宽松一点，叠搭不臃肿", "围巾配大衣，冬天通勤很合适",
        "Layer a thin sweater under the coat and you stay warm", "A wool scarf with the parka works for cold days",
    ]  # fmt: skip
    others = [
        "洗衣机声音很大，晚上没法用", "快递三天才到，盒子压扁了", "早餐品种丰富，咖啡一般",
        "客服一直不回消息，退款拖了半个月",
        "屏幕清晰，电池一天要充两次", "The battery dies by noon", "Refund took three weeks", "鞋子偏小，建议买大一码",
        "breakfast was cold and the coffee weak", "房间隔音差，隔壁说话都听得到",
        "空调制冷慢，噪音大", "水管漏水，地板全湿了",
        "The app crashes when I open the calendar", "夏天穿这件短袖很凉快",
        "床垫太软，睡得腰疼", "包装破了，少了一个配件",
    ]  # fmt: skip
    lines = advice + others
    embedder = embed.resolve("offline-zh").embedder
    vectors = embed.embed_texts(embedder, lines)
    made = parts(len(lines))
    points = made.points.assign(text=pd.array(lines, dtype="str"), duplicate_of=pd.array([None] * 21, dtype="Int64"))
    state = {**made.state, "embedder": {**vectors.state, "query_dim": np.array(vectors.query_dim)}}
    whole = replace(made, points=points, vectors=vectors.matrix, state=state, identity=vectors.identity)
    bundle = open_bundle(write_bundle(tmp_path / "bundle", whole))
    question = "降温了穿什么好看"
    found = search.search(bundle, question, mode="vectors", limit=6)
    answers = [hit for hit in found.positions.tolist() if hit < len(advice)]
    assert len(answers) >= 4
    assert any(lines[hit].isascii() for hit in answers)
    assert all(not words for hit, words in zip(found.positions, found.words, strict=True) if hit < len(advice))
