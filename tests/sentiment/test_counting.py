"""Features of texts beyond those that a vocabulary was learned from."""

import numpy as np
import pytest

from pipelines.sentiment import features

ENGLISH = ["The room was not good, it's loud!", "Great room 👍", "not good at all", "the breakfast was great"] * 30
CHINESE = ["房间很好，下次还来", "早餐太差了", "房间不好", "服务很好！ 谢谢"] * 30


@pytest.mark.parametrize(("texts", "language"), [(ENGLISH, "en"), (CHINESE, "zh")])
def test_counted_as_scikit_learn_counts(texts: list[str], language: str) -> None:
    vectorizer, _ = features.fit(texts, language)
    more = ["", "nothing known 无", *texts[:4], " ".join(texts[:6]), "not", "good not good not good", "房间房间很"]
    expected, found = vectorizer.transform(more), features.of_more(more, language, vectorizer)
    assert found.shape == expected.shape
    assert np.array_equal(found.toarray(), expected.toarray())


def test_no_pair_goes_over_the_end_of_a_text() -> None:
    vectorizer, _ = features.fit(["not good"] * 100, "en")
    apart = features.of_more(["not", "good"], "en", vectorizer).toarray()
    assert (apart[:, vectorizer.vocabulary_["not good"]] == 0).all()
