"""Tastes, rankers and reasons on people whose tastes are known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from pipelines import recommend
from pipelines.errors import UnusableInput
from pipelines.recommend import History, Tastes
from pipelines.recommend.evaluation import about, eligible, halves, hide, in_two, measure, places, without
from pipelines.recommend.items import reasons
from pipelines.recommend.people import recognised, usual_likeness
from pipelines.recommend.sure import means
from pipelines.store.bundle import BundleParts, write_bundle
from pipelines.store.reader import Bundle, open_bundle
from tests.conftest import build_parts
from tests.recommend.planted import HOSTILE, TASTES, planted

# UMAP says at its import that TensorFlow, which its parametric variant wants, is not there.
pytestmark = [
    pytest.mark.filterwarnings("ignore:Tensorflow not installed:ImportWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:(hdbscan|umap)"),
]


@pytest.fixture(scope="module")
def people(tmp_path_factory) -> tuple[Bundle, Tastes, History, np.ndarray]:
    parts, taste = planted()
    bundle = open_bundle(write_bundle(tmp_path_factory.mktemp("people") / "b", parts))
    tastes, history = recommend.of(bundle)
    # Numbered as they come in the file.
    number = {name: p for p, name in enumerate([*HOSTILE, *(f"person {p}" for p in range(len(HOSTILE), 120))])}
    return bundle, tastes, history, np.array([taste[number[name]] for name in tastes.users])


def bundle_of(folder, parts: BundleParts) -> Bundle:
    return open_bundle(write_bundle(folder / "b", parts))


def small(folder, lines: list[tuple[str, str, float]]) -> Bundle:
    """One review a line: user, item, stars."""
    parts = build_parts(len(lines), topics=0)
    parts.points["user"] = pd.array([line[0] for line in lines], dtype="str")
    parts.points["item"] = pd.array([line[1] for line in lines], dtype="str")
    parts.points["rating"] = np.array([line[2] for line in lines], dtype=np.float32)
    return bundle_of(folder, parts)


def taste_of(tastes: Tastes, item: int) -> int:
    return int(tastes.items[item].split()[-1].split("-")[0])


# ---- who wrote what


def test_names_pairs_and_the_nameless(people):
    bundle, tastes, _history, _taste = people
    assert len(tastes.users) == 120
    assert set(HOSTILE) <= set(tastes.users)
    assert tastes.nameless == 1
    assert len(tastes.pair_user) == len(tastes.opinion) == len(tastes.liking) <= len(bundle.points) - 1
    assert len(tastes.unit) == len(bundle.points) - 1
    assert sorted(set(tastes.unit_pair.tolist())) == list(range(len(tastes.pair_user)))


def test_several_reviews_of_one_item_are_one_opinion(tmp_path):
    tastes = recommend.read(small(tmp_path, [("a", "x", 5), ("a", "x", 1), ("a", "y", 4), ("b", "x", 5)]))
    assert tastes.users == ["a", "b"] and tastes.items == ["x", "y"]
    assert tastes.opinion.tolist() == [0.0, 0.5, 1.0]
    assert tastes.unit_pair.tolist() == [0, 0, 1, 2]


def test_liking_is_against_the_persons_own_usual(tmp_path):
    lines = [("kind", f"i{k}", 5) for k in range(8)] + [("kind", "last", 3), ("stern", "i0", 2), ("stern", "i1", 2)]
    tastes = recommend.read(small(tmp_path, lines))
    kind, stern = (tastes.liking[tastes.pairs_of(tastes.user(name))] for name in ("kind", "stern"))
    assert (kind[:8] > 0).all() and kind[8] < -0.5
    # Two bad reviews of somebody do not make their third, a mild one, praise; and bad ones stay bad.
    assert (stern < 0).all()


def test_sentiment_stands_in_where_there_are_no_stars(tmp_path):
    parts = build_parts(4, topics=0)
    points = parts.points.drop(columns="rating").assign(user=["a", "a", "b", "b"], item=["x", "y", "x", "y"])
    tastes = recommend.read(bundle_of(tmp_path, replace(parts, points=points)))
    assert np.allclose(tastes.opinion, points["sentiment"])


def test_a_review_of_sentences_counts_once(tmp_path):
    parts = build_parts(4, topics=0)
    points = parts.points.assign(user=["a", "a", "a", "b"], item=["x", "x", "y", "x"], row_id=[0, 0, 1, 2])
    points["rating"] = np.array([5, 5, 1, 3], dtype=np.float32)
    rows = parts.rows.head(3)
    bundle = bundle_of(tmp_path, replace(parts, points=points, rows=rows))
    _tastes, history = recommend.of(bundle)
    assert history.reviewers.tolist() == [2, 1]
    # Each pair weighs the same in a profile, whatever its number of sentences.
    alone = bundle.vectors[:2].mean(axis=0) + bundle.vectors[2] - 2 * history.middle
    assert np.allclose(history.interests[0], alone / np.linalg.norm(alone), atol=1e-5)


@pytest.mark.parametrize("name", ["", "  ", "匿名用户", "Anonymous", "N/A", "A Google user"])
def test_what_is_no_name_is_nobody(tmp_path, name):
    tastes = recommend.read(small(tmp_path, [(name, "x", 5), ("a", "x", 4), ("a", "y", 4)]))
    assert tastes.users == ["a"] and tastes.nameless == 1


def test_what_is_missing_is_said(tmp_path):
    with pytest.raises(UnusableInput, match="recommending needs both"):
        recommend.read(bundle_of(tmp_path, build_parts(6)))
    with pytest.raises(UnusableInput, match="nobody"):
        recommend.read(small(tmp_path / "n", [("匿名", "x", 5), ("", "y", 4)]))


def test_a_name_is_found_also_with_other_letters(people):
    tastes = people[1]
    assert tastes.users[tastes.user(" PERSON 50 ")] == "person 50"
    with pytest.raises(UnusableInput, match="no one"):
        tastes.user("no one")


# ---- items


@pytest.mark.parametrize("ranker", ["blend", "together", "text"])
def test_items_of_ones_own_taste_come_first(people, ranker):
    _bundle, tastes, history, taste = people
    for user in range(0, 120, 7):
        found = recommend.for_person(history, user, ranker, 5)
        mine = set(tastes.pair_item[tastes.pairs_of(user)].tolist())
        assert not mine & {one.item for one in found}
        assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
        # Half of the twelve items of the taste are left.
        assert np.mean([taste_of(tastes, one.item) == taste[user] for one in found]) >= 0.8


def test_reasons_are_good_reviews_of_the_item_by_others(people):
    bundle, tastes, history, _taste = people
    for one in recommend.for_person(history, 3, "blend", 10):
        units = bundle.points.iloc[list(one.units)]
        assert 1 <= len(units) <= 3
        assert set(units["item"]) == {tastes.items[one.item]}
        assert tastes.users[3] not in set(units["user"])
        # Bad ones only where nobody praised it.
        assert (units["rating"] >= 4).all() or (
            bundle.points["rating"][bundle.points["item"] == units["item"].iloc[0]] < 4
        ).all()
        for other, both in one.because:
            mine = set(tastes.pair_user[tastes.pair_item == other])
            assert len(mine & set(tastes.pair_user[tastes.pair_item == one.item])) == both > 0


def test_a_list_can_be_shorter_and_k_must_make_sense(tmp_path):
    tastes, history = recommend.of(small(tmp_path, [("a", "x", 5), ("a", "y", 4), ("b", "x", 5), ("b", "z", 3)]))
    assert [tastes.items[one.item] for one in recommend.for_person(history, 0, "together", 10)] == ["z"]
    for k in (0, -1, 100_000):
        with pytest.raises(UnusableInput, match=str(k)):
            recommend.for_person(history, 0, "together", k)


def test_who_reviewed_everything_gets_nothing(tmp_path):
    _tastes, history = recommend.of(small(tmp_path, [("a", "x", 5), ("a", "y", 4)]))
    for ranker in recommend.RANKERS:
        assert recommend.for_person(history, 0, ranker) == []


def test_items_like_another_are_of_its_taste(people):
    _bundle, tastes, history, _taste = people
    for item in range(0, len(tastes.items), 5):
        found = recommend.like_item(history, item, 6)
        assert item not in {one.item for one in found}
        assert np.mean([taste_of(tastes, one.item) == taste_of(tastes, item) for one in found]) == 1
        best = found[0]
        both = set(tastes.pair_user[tastes.pair_item == item]) & set(tastes.pair_user[tastes.pair_item == best.item])
        assert len(both) == best.people


def test_a_wish_finds_what_is_written_about_it(people):
    bundle, tastes, history, _taste = people
    vector = recommend.of_topics(bundle, history, [2])
    found = recommend.for_vector(history, vector, 8)
    assert {taste_of(tastes, one.item) for one in found} == {2}
    assert reasons(history, found[0].item, vector) == found[0].units
    assert recommend.of_topics(bundle, history, [77]) is None
    # A query may be shorter than the reviews' vectors.
    assert len(recommend.for_vector(history, vector[:7], 3)) == 3


def test_own_vectors_read_no_sentence(people):
    bundle = people[0]
    assert not recommend.can_read(bundle)
    assert recommend.of_sentence(bundle, "a cable") is None
    assert recommend.of_sentence(bundle, "   ") is None


# ---- people


def test_people_of_one_taste_are_alike(people):
    _bundle, tastes, history, taste = people
    for user in range(0, 120, 11):
        found = recommend.similar(history, user, 8)
        assert user not in found["user"].tolist()
        assert np.mean(taste[found["user"]] == taste[user]) >= 0.8
        assert found["likeness"].is_monotonic_decreasing
        assert (found["above"] > 0.6).all()
        assert (found["agree"] <= found["shared"]).all()
        assert found["reviews"].min() >= 2
    assert (np.diff(usual_likeness(history)) >= 0).all()
    assert len(set(tastes.users)) == 120


def test_topics_of_a_person_with_what_they_like(people):
    bundle, tastes, _history, taste = people
    for user in range(0, 120, 13):
        found = recommend.topics_of(tastes, bundle.points, [user])
        assert int(found["id"].iloc[0]) == taste[user]
        assert (found["low"] <= found["liking"]).all() and (found["liking"] <= found["high"]).all()
        # Strays have two stars, the rest four or five.
        assert (found.loc[found["id"] != taste[user], "liking"] < 0).all()
        assert int(found["reviews"].sum()) == len(tastes.unit[tastes.pair_user[tastes.unit_pair] == user])


def test_groups_are_the_tastes(people):
    bundle, tastes, history, taste = people
    from pipelines.recommend.groups import find

    found = find(history)
    assert found is not None and found.xy.shape == (120, 2) and np.isfinite(found.xy).all()
    assert len(found.stability) == TASTES and found.stability.min() > 0.9
    for group in range(TASTES):
        # Who reviewed more strays than items of their own taste is with those of the others.
        assert np.bincount(taste[found.people[found.label == group]]).max() >= (found.label == group).sum() - 2
    told = recommend.told(found, tastes, bundle.points)
    first = told.groupby("group").first()
    assert sorted(first["topic"]) == list(range(TASTES))
    assert (first["share"] > 0.7).all() and (first["elsewhere"] < 0.1).all()
    assert (told["low"] <= told["share"]).all() and (told["share"] <= told["high"]).all()


def test_without_topics_nothing_is_said_of_them(tmp_path):
    from pipelines.recommend.groups import find

    parts, _taste = planted()
    points = parts.points.assign(cluster=np.int32(-1), topic=pd.array([""] * len(parts.points), dtype="str"))
    bundle = bundle_of(tmp_path, replace(parts, points=points, summary={**parts.summary, "topics": []}))
    tastes, history = recommend.of(bundle)
    assert recommend.topics_of(tastes, bundle.points, [0]).empty
    assert set(recommend.subjects(tastes, bundle.points)) == {""}
    found = find(history)
    assert found is not None and recommend.told(found, tastes, bundle.points).empty


def test_too_few_people_for_groups(tmp_path):
    from pipelines.recommend.groups import find

    parts, _taste = planted(20)
    assert find(recommend.of(bundle_of(tmp_path, parts))[1]) is None


# ---- the measure


def test_what_is_hidden_is_nowhere_in_the_history(people):
    bundle, tastes, whole, _taste = people
    hidden = hide(tastes, eligible(tastes), 1)
    assert len(hidden) == len(set(tastes.pair_user[hidden])) == len(eligible(tastes))
    assert (tastes.liking[hidden] > 0).all()
    history = without(tastes, bundle.vectors, hidden)
    assert history.seen.sum() == whole.seen.sum() - len(hidden)
    assert history.reviewers.sum() == whole.reviewers.sum() - len(hidden)
    # The hidden reviews' vectors can be anything: nothing that is made without them changes.
    vectors = np.array(bundle.vectors)
    vectors[tastes.unit[np.isin(tastes.unit_pair, hidden)]] = 9.0
    other = History(tastes, vectors, history.known)
    for part in ("middle", "interests", "portraits", "reviewers"):
        assert np.allclose(getattr(other, part), getattr(history, part), atol=1e-6), part
    for ranker in recommend.RANKERS.values():
        users = np.arange(10)
        assert np.allclose(ranker(other, users), ranker(history, users), atol=1e-5)


def test_halves_are_apart_and_hiding_is_the_same_each_time(people):
    tastes = people[1]
    first, second = halves(tastes, 0)
    assert not set(first) & set(second)
    assert len(first) + len(second) == len(eligible(tastes))
    assert hide(tastes, first, 3).tolist() == hide(tastes, first, 3).tolist() != hide(tastes, first, 4).tolist()
    assert sum(map(len, halves(tastes, 0, most=30))) == 30


def test_the_latest_is_hidden_where_that_is_asked(tmp_path):
    tastes = recommend.read(
        small(tmp_path, [("a", "x", 5), ("a", "y", 5), ("a", "z", 1), ("b", "x", 5), ("b", "y", 5)])
    )
    hidden = hide(tastes, np.array([0, 1]), 0, latest=True)
    assert [tastes.items[i] for i in tastes.pair_item[hidden]] == ["y", "y"]


def test_places_by_hand(tmp_path):
    _bundle = small(
        tmp_path, [("a", "x", 5), ("a", "y", 5), ("b", "x", 5), ("b", "z", 5), ("c", "z", 5), ("c", "w", 5)]
    )
    tastes, _history = recommend.of(_bundle)
    history = without(tastes, _bundle.vectors, np.array([1]))

    def fixed(_history, people):
        # x (seen), y, z, w: y stands third, behind z and w.
        return np.tile(np.array([9.0, 1.0, 3.0, 2.0], dtype=np.float32), (len(people), 1))

    found = places(history, np.array([1]), fixed)
    assert found.place.tolist() == [2.0]
    assert found.hit(2).tolist() == [0.0] and found.hit(3).tolist() == [1.0]
    assert found.ndcg(10).tolist() == pytest.approx([0.5])
    # All alike: the middle of the three that are left.
    assert places(history, np.array([1]), lambda _h, p: np.zeros((len(p), 4), np.float32)).place.tolist() == [1.0]


def test_measured_against_popularity_and_chance(people):
    bundle, tastes, _history, _taste = people
    found = measure(tastes, bundle.vectors)
    by = found.table.set_index("ranker")
    assert not found.few and found.people == found.chosen_on == 60
    assert found.chosen in ("blend", "together", "text")
    # Ten of the six left of one's own twelve and others; by chance ten of 42.
    assert by.loc[found.chosen, "hit"] > 0.8
    assert by.loc["random", "hit"] == pytest.approx(10 / 42, abs=0.09)
    assert by.loc[found.chosen, "gain_low"] > 0 and by.loc["popularity", "gain"] == 0
    for key in ("hit", "ndcg", "gain"):
        assert (by[f"{key}_low"] <= by[key]).all() and (by[key] <= by[f"{key}_high"]).all()
    assert (by["ndcg"] <= by["hit"]).all()
    assert 0.7 < found.own <= 1 and found.own_people == 120
    assert found.about["hit"] > 0.5
    assert (found.parts["n"] >= 20).all()
    again = measure(tastes, bundle.vectors)
    pd.testing.assert_frame_equal(again.table, found.table)


def test_where_there_is_nothing_but_popularity_it_is_chosen_or_equalled(tmp_path):
    """Items drawn by popularity alone and texts without sense: nothing else may seem better than it is."""
    random = np.random.default_rng(3)
    weight = 1 / np.arange(1, 41)
    lines = []
    for person in range(150):
        for item in random.choice(40, 5, replace=False, p=weight / weight.sum()):
            lines.append((f"p{person}", f"i{item}", float(random.integers(4, 6))))
    bundle = small(tmp_path, lines)
    tastes = recommend.read(bundle)
    found = measure(tastes, bundle.vectors)
    by = found.table.set_index("ranker")
    assert by.loc[found.chosen, "gain_low"] <= 0
    assert by.loc["text", "gain_high"] < 0
    assert about(tastes, bundle.vectors, halves(tastes)[1])["hit"] < 0.5


def test_too_few_is_said(tmp_path):
    few_people, _ = planted(20)
    tastes, history = recommend.of(bundle_of(tmp_path / "p", few_people))
    assert measure(tastes, history.vectors).few == "people"
    few_items, _ = planted(120, items=5, each=4)
    tastes, history = recommend.of(bundle_of(tmp_path / "i", few_items))
    found = measure(tastes, history.vectors)
    assert (found.few, found.chosen, found.table.empty) == ("items", "blend", True)


def test_a_profile_is_its_persons_own(people):
    bundle, tastes, _history, _taste = people
    share, n = recognised(*in_two(tastes, bundle.vectors))
    assert n == 120
    # Of the others, a quarter has the same taste.
    assert 0.75 < share < 1


def test_in_the_background_it_is_made_once(people):
    bundle, tastes, history, _taste = people
    first = recommend.measured(bundle, tastes)
    assert recommend.measured(bundle, tastes) is first
    assert first.result(timeout=120).chosen in recommend.RANKERS
    assert recommend.grouped(bundle, history).result(timeout=120) is not None


def test_means_of_few_that_agree_are_not_sure():
    values = np.array([1, 1, 1, 1, -1, 0.5], dtype=np.float32)
    mean, low, high = means(values, np.array([0, 0, 0, 1, 1, 3]), 4, values, (-1, 1))
    assert mean[:2].tolist() == [1, 0] and np.isnan([mean[2], low[2], high[2]]).all()
    assert low[0] < 0.8 and high[0] <= 1
    assert high[3] - low[3] > 0.5
