import numpy as np
import pytest

from pipelines.topics import TopicConfig, describe, read_terms
from pipelines.topics.reading import MANY_TEXTS
from tests.topics.test_describe import DELIVERY, STAFF, vectors

TEXTS = DELIVERY + STAFF
LANGUAGES = ["en"] * len(TEXTS)


def test_terms_read_before_give_the_same_topics() -> None:
    labels = np.array([0] * 5 + [1] * 5, dtype=np.int32)
    strength = np.ones(10, dtype=np.float32)
    alone = describe(TEXTS, LANGUAGES, labels, strength, vectors(labels), TopicConfig())
    terms = read_terms(TEXTS, LANGUAGES)
    assert describe(TEXTS, LANGUAGES, labels, strength, vectors(labels), TopicConfig(), terms=terms) == alone


def test_terms_of_some_texts_in_another_order() -> None:
    terms = read_terms(TEXTS, LANGUAGES)
    chosen = np.array([7, 2, 2, 0])
    some = terms.of(chosen)
    assert len(some) == 4
    for place, text in enumerate(chosen):
        mine = some.held[some.starts[place] : some.starts[place + 1]]
        assert mine.tolist() == terms.held[terms.starts[text] : terms.starts[text + 1]].tolist()


def test_the_commonest_form_is_shown_however_late_it_comes() -> None:
    texts = ["late deliveries", "late delivery", "late delivery", "late deliveries", "a delivery"]
    terms = read_terms(texts, ["en"] * 5)
    surface = dict(zip(terms.keys, terms.surfaces, strict=True))
    assert surface[("delivery",)] == "delivery"


def test_phrases_of_one_text_among_many_are_not_kept() -> None:
    texts = [f"late delivery number{i}" for i in range(MANY_TEXTS)]
    terms = read_terms(texts, ["en"] * len(texts))
    assert ("late", "delivery") in terms.keys
    assert all(len(key) == 1 for key in terms.keys if "number7" in key)


@pytest.mark.parametrize("texts", [[], [""], ["the of", "!!"]])
def test_texts_without_terms(texts: list[str]) -> None:
    terms = read_terms(texts, ["en"] * len(texts))
    assert len(terms) == len(texts) and not terms.keys and not len(terms.held)
