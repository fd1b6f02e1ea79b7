"""The draft of `offline-zh`, and texts that one part or both cannot read."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pipelines.embed import embed_texts
from pipelines.embed.gloss_table import GlossTable
from pipelines.embed.offline_zh import OfflineChineseEmbedder
from pipelines.embed.offline_zh_draft import GlossMeanEmbedder, OfflineChineseDraft, phrases
from pipelines.errors import Cancelled, DamagedBundle

TEXTS = [
    "隔音太差，半夜听得见隔壁说话",
    "马路上的噪音吵了一晚上",
    "早餐种类多，豆浆包子都好吃",
    "自助餐很丰盛，还有现煮的米粉",
    "停车位太少，只能停路边",
    "地下车库进出很顺，停车不要钱",
]
OTHERS = ["ひらがなだけ", "한국어 후기입니다", "ภาษาไทย", "مراجعة", "Очень хорошо", "!!!", "", "\ud83d", "😀"]


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> GlossTable:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REVIEWSCAPE_HOME", str(tmp_path_factory.mktemp("home")))
        made = GlossTable()
        made.add({phrase for text in TEXTS for phrase in phrases(text)})
    return made


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REVIEWSCAPE_HOME", str(tmp_path))


def test_the_draft_finds_themes_in_both_languages(table: GlossTable) -> None:
    draft = OfflineChineseDraft(table)
    vectors = embed_texts(draft, TEXTS)
    assert vectors.matrix.shape == (6, draft.dim)
    width = vectors.query_dim
    assert width == 384
    for query, theme in (("noise", 0), ("吵", 0), ("breakfast food", 1), ("parking", 2), ("停车场", 2)):
        found = vectors.matrix[:, :width] @ draft.embed_query(query)[:width]
        assert int(found.argmax()) // 2 == theme, query


def test_the_draft_comes_back_from_its_state(table: GlossTable) -> None:
    draft = OfflineChineseDraft(table)
    vectors = embed_texts(draft, TEXTS)
    again = OfflineChineseDraft(table)
    again.restore(vectors.state)
    np.testing.assert_array_equal(again.embed_documents(TEXTS), vectors.matrix)
    np.testing.assert_array_equal(again.embed_documents(TEXTS[:1])[0], vectors.matrix[0])
    np.testing.assert_array_equal(again.embed_query("噪音 wifi"), draft.embed_query("噪音 wifi"))
    assert again.identity() == vectors.identity
    for name in ("part0_weights", "part0_phrases"):
        with pytest.raises(DamagedBundle):
            OfflineChineseDraft(table).restore({key: vectors.state[key] for key in vectors.state if key != name})


def test_the_table_is_made_before_and_can_be_cancelled() -> None:
    draft = OfflineChineseDraft()

    def stop(stage: str, done: float, total: float, **_: object) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        draft.prepare(TEXTS, stop)
    told: list[float] = []
    draft.prepare(TEXTS, lambda stage, done, total, **_: told.append(done / total))
    assert told[-1] == 1
    told.clear()
    draft.prepare([*TEXTS, *TEXTS], lambda *args, **_: told.append(0))
    assert told == []


def test_before_it_has_seen_a_file_no_word_has_a_weight(table: GlossTable) -> None:
    with pytest.raises(RuntimeError, match="fit or restore"):
        GlossMeanEmbedder(table).embed_documents(["好"])


@pytest.mark.parametrize("kind", ["full", "draft"])
def test_what_no_part_reads_does_no_harm(kind: str, table: GlossTable) -> None:
    embedder = OfflineChineseEmbedder() if kind == "full" else OfflineChineseDraft(table)
    texts = TEXTS + OTHERS + [text + "二" for text in OTHERS[:5]]
    vectors = embed_texts(embedder, texts)
    np.testing.assert_allclose(np.linalg.norm(vectors.matrix, axis=1), 1, atol=1e-5)
    silent = vectors.matrix[len(TEXTS) : len(TEXTS) + 5]
    # The gloss part says nothing of them: only their signs speak.
    np.testing.assert_array_equal(silent[:, : vectors.query_dim], 0)
    assert embedder.embed_query("ひらがな").shape == (embedder.dim,)


def test_korean_reviews_are_told_apart_by_their_signs() -> None:
    texts = ["배송이 빨라요", "배송이 아주 빨라요", "화면이 깨졌어요", "화면이 또 깨졌어요", *TEXTS]
    matrix = embed_texts(OfflineChineseEmbedder(), texts).matrix
    similarity = matrix @ matrix.T - 2 * np.eye(len(texts))
    assert similarity.argmax(axis=1)[:4].tolist() == [1, 0, 3, 2]


def test_words_of_a_mixed_text() -> None:
    assert phrases("WiFi很快，iPhone屏幕😀") == ["wifi", "very", "fast", "iphone", "screen"]
    assert phrases("這家飯店") == phrases("这家饭店")
    assert phrases("") == phrases("!!! 123") == []
