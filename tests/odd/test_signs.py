from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipelines import odd
from pipelines.store.bundle import write_bundle
from pipelines.store.reader import Bundle, open_bundle
from pipelines.words import catalogue
from tests import sample_bundle

FRUIT = ["mango", "papaya", "guava", "lychee", "durian"]


def bundle(folder: Path, odd_texts: list[tuple[str, str]], far: bool = True) -> Bundle:
    """60 reviews of two topics about the same words, and further ones of no topic that stand apart where `far`."""
    texts = [f"The grinder of the machine is loud and the coffee tastes bitter, day {i}" for i in range(60)]
    made = sample_bundle.parts(60 + len(odd_texts))
    n = len(made.points)
    languages = ["en"] * 60 + [language for _text, language in odd_texts]
    texts += [text for text, _language in odd_texts]
    random = np.random.default_rng(1)
    vectors = np.zeros((n, 16), dtype=np.float32)
    vectors[:30, 0] = vectors[30:60, 1] = 1.0
    vectors[60:, 5 if far else 0] = 1.0
    vectors += random.normal(0, 0.02, vectors.shape).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    cluster = np.array([0] * 30 + [1] * 30 + [-1] * len(odd_texts), dtype=np.int32)
    points = made.points.assign(
        text=pd.array(texts, dtype="str"),
        language=pd.array(languages, dtype="str"),
        cluster=cluster,
        topic=pd.array([["noise", "taste", ""][label] for label in cluster], dtype="str"),
        duplicate_of=pd.array([None] * n, dtype="Int64"),
    )
    topics = [{**made.summary["topics"][i], "name": name} for i, name in enumerate(("noise", "taste"))]
    state = {"graph": {**made.state["graph"], "representatives": np.arange(n)}}
    parts = replace(made, points=points, vectors=vectors, state=state, summary={**made.summary, "topics": topics})
    return open_bundle(write_bundle(folder / "bundle", parts))


def kinds(found: Bundle, unit: int) -> tuple[str, ...]:
    return odd.kinds_of(odd.of(found).of(unit))


@pytest.mark.parametrize(
    ("text", "language", "kind"),
    [
        ("Sauté the onions, fold in ripe mango and papaya, garnish with lychee.", "en", odd.SUBJECT),
        ("Die Mühle ist viel zu laut und der Kaffee schmeckt leider bitter.", "de", odd.LANGUAGE),
        ("ok", "en", odd.SHORT),
        ("The grinder of the machine is loud and the coffee tastes bitter. " * 9, "en", odd.LONG),
        ("[INSERT PRODUCT] the grinder of the machine is loud and bitter", "en", odd.MACHINE),
    ],
)
def test_each_sign(tmp_path, text, language, kind):
    assert kind in kinds(bundle(tmp_path, [(text, language)]), 60)


def test_a_usual_text_is_merely_far(tmp_path):
    found = bundle(tmp_path, [("The grinder of the machine is loud and the coffee tastes bitter, truly", "en")])
    assert kinds(found, 60) == (odd.FAR,)
    assert kinds(found, 3) == (odd.FAR,)


def test_rare_words_near_a_topic_are_its_own(tmp_path):
    text = "Sauté the onions, fold in ripe mango and papaya, garnish with lychee."
    assert odd.SUBJECT not in kinds(bundle(tmp_path, [(text, "en")], far=False), 60)


def test_signs_are_told_with_their_figures_and_words(tmp_path):
    found = bundle(tmp_path, [("Sauté the onions, fold in ripe mango and papaya, garnish with lychee.", "en")])
    (sign,) = odd.of(found).of(60)
    assert {"mango", "papaya"} & {*sign.words}
    said = odd.say(sign, catalogue("en").gettext)
    assert "words stand in no other review" in said
    assert "mango" not in said


def test_many_of_a_language_are_no_sign(tmp_path):
    german = [("Die Mühle ist viel zu laut und der Kaffee schmeckt leider bitter.", "de")] * 1
    german += [(f"Der Kaffee schmeckt bitter und die Mühle ist laut, Tag {i}", "de") for i in range(9)]
    assert odd.LANGUAGE not in kinds(bundle(tmp_path, german), 60)


@pytest.mark.parametrize("n", [1, 3, 12])
def test_few_texts_say_nothing_of_what_is_usual(tmp_path, n):
    found = open_bundle(write_bundle(tmp_path / "few", sample_bundle.parts(n)))
    reader = odd.of(found)
    assert all(sign.kind in (odd.FAR, odd.MACHINE) for unit in range(n) for sign in reader.of(unit))


def test_hostile_texts_have_signs_too(tmp_path):
    found = sample_bundle.sample_bundle(tmp_path, 120)
    reader = odd.of(found)
    for unit in range(120):
        for sign in reader.of(unit):
            assert odd.say(sign, str)


def test_a_unit_that_repeats_another_has_no_place_of_its_own(tmp_path):
    found = sample_bundle.sample_bundle(tmp_path, 120)
    assert odd.of(found).usual.place(119) is None
    assert odd.of(found).of(119)
