"""N-grams counted as numbers are those that scikit-learn counts as strings."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.feature_extraction.text import CountVectorizer

from pipelines.embed import lexical, ngrams
from pipelines.embed.lexical import LexicalEmbedder

TEXTS = [
    "早餐很好，早餐很丰盛",
    "The grinder  jams\t\nevery  morning",
    "İstanbul ß ΣΑΣ",
    "half a \ud83d pair",
    "",
    "x",
    "😀👍🏽",
    "ひらがな 한국어",
]


def test_the_same_ngrams_and_counts_as_scikit_learn() -> None:
    theirs = CountVectorizer(analyzer="char", ngram_range=(1, 3))
    expected = theirs.fit_transform(TEXTS)
    # All terms: those in two texts alone would be too few to compare.
    terms = np.array(sorted(theirs.get_feature_names_out()), dtype="<U3")
    order = [theirs.vocabulary_[term] for term in terms.tolist()]
    assert (ngrams.counts(TEXTS, terms) != expected[:, order]).nnz == 0


def test_the_commonest_are_kept_in_order() -> None:
    kept = ngrams.vocabulary(["abab", "abc", "xbz", *"bbbbbb"], 3)
    assert kept.tolist() == ["a", "ab", "b"]


@pytest.mark.parametrize("texts", [[], [""], ["", ""]])
def test_nothing_to_count(texts: list[str]) -> None:
    terms = ngrams.vocabulary(texts, 10)
    assert terms.tolist() == []
    assert ngrams.counts(texts, terms).shape == (len(texts), 0)
    assert ngrams.counts([*texts, "a"], terms).shape == (len(texts) + 1, 0)


def test_pieces_of_a_large_file_add_up(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = ngrams.vocabulary(TEXTS * 3, 50)
    counted = ngrams.counts(TEXTS * 3, whole)
    monkeypatch.setattr(ngrams, "_CHUNK_CHARS", 30)
    assert ngrams.vocabulary(TEXTS * 3, 50).tolist() == whole.tolist()
    assert (ngrams.counts(TEXTS * 3, whole) != counted).nnz == 0


def test_iteration_finds_the_directions_of_the_exact_way(monkeypatch: pytest.MonkeyPatch) -> None:
    words = [a + b for a in "房间早餐服务位置价格" for b in "好差大小新旧贵吵"]
    texts = [f"{words[i % 80]}{words[(i * 7) % 80]}{words[(i * i) % 80]}" for i in range(300)]
    exact, quick = LexicalEmbedder(12), LexicalEmbedder(12)
    exact.fit(texts)
    monkeypatch.setattr(lexical, "SMALL", 10)
    state = quick.fit(texts)
    cosines = exact.embed_documents(texts) @ exact.embed_documents(texts).T
    again = quick.embed_documents(texts) @ quick.embed_documents(texts).T
    assert np.corrcoef(cosines.ravel(), again.ravel())[0, 1] > 0.9
    for name, array in LexicalEmbedder(12).fit(texts).items():
        np.testing.assert_array_equal(array, state[name])


def test_a_part_of_a_large_file_is_learned_from() -> None:
    few = LexicalEmbedder(4, max_fitted=3)
    assert "z" not in few.fit(["ab", "z", "ab", "z", "ab", "z"])["vocabulary"].tolist()
    assert few.embed_documents(["z", "ab"]).shape == (2, 4)
