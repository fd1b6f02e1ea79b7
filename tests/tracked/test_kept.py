from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from pipelines import tracked
from pipelines.add import add
from pipelines.errors import UnusableInput
from pipelines.export.tables import full_table
from pipelines.map.colour import MISSING, allowed_colours, colour_by
from pipelines.running import Request
from pipelines.store import catalog, journal, library
from pipelines.store.bundle import write_bundle
from pipelines.store.reader import open_bundle
from pipelines.view import Filter, mask
from tests import made_reviews
from tests.add.conftest import fresh
from tests.conftest import build_parts
from tests.tracked.conftest import Analysis, themed

pytestmark = [
    pytest.mark.filterwarnings("ignore:Tensorflow not installed:ImportWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:(jieba|snownlp|hdbscan|umap)"),
]
HOSTILE = ["<script>x</script>", "**b** $x$ `c`", "=HYPERLINK(1)", "{n} %s {{7*7}}", "\u202egnp", "'; DROP TABLE--"]


def create(own: Analysis, *lines: tracked.Line) -> tuple[str, ...]:
    return tracked.create(own.id, own.bundle, lines)


def inside(bundle, topic_id: str) -> np.ndarray:
    return bundle.points[f"tracked:{topic_id}"].notna().to_numpy()


def test_nothing_tracked_leaves_the_bundle_as_it_is(own: Analysis):
    assert own.shown() is own.bundle


def test_the_bundle_below_stays_as_it_is(own: Analysis):
    before = own.bundle.points.copy()
    create(own, tracked.Line("a", ("theme1",)))
    over = own.shown()
    pd.testing.assert_frame_equal(own.bundle.points, before)
    assert "tracked" not in own.bundle.summary
    assert list(over.points.columns[: len(before.columns)]) == list(before.columns)


def test_removed_restored_renamed_and_made_stricter(own: Analysis):
    one, two = create(own, tracked.Line("a", ("theme1",)), tracked.Line("b", ("theme2",)))
    tracked.change(own.id, one, name="first")
    tracked.remove(own.id, [one])
    assert [entry["id"] for entry in own.listed()] == [two]
    tracked.restore(own.id, [one])
    assert {entry["name"] for entry in own.listed()} == {"first", "b"}
    reviews = {entry["id"]: entry["reviews"] for entry in own.listed()}
    tracked.change(own.id, two, threshold=0.95)
    assert {entry["id"]: entry["reviews"] for entry in own.listed()}[two] < reviews[two]


def test_a_whole_list_is_one_entry_and_goes_at_once(own: Analysis):
    made = create(own, *(tracked.Line(f"t{k}", (f"theme{k}",)) for k in range(8)))
    kinds = [entry.kind for entry in journal.replay(catalog.home() / own.id)]
    assert kinds.count("tracked_created") == 1
    assert [entry["reviews"] for entry in own.listed()] == [13, 13, 12, 12, 12, 12, 12, 12] or len(own.listed()) == 8
    tracked.remove(own.id, made)
    assert own.listed() == []


def test_a_run_anew_finds_the_answers_by_their_words(own: Analysis):
    truth = own.theme == 3
    (topic_id,) = create(own, tracked.Line("three", ("theme3",)))
    for unit in [*np.flatnonzero(truth)[-12:], *np.flatnonzero(~truth)[-12:]]:
        tracked.answer(own.id, own.bundle, topic_id, int(unit), bool(truth[unit]))
    parts, _theme = themed()
    # The same reviews in reverse order, under other numbers.
    turned = parts.points.iloc[::-1].reset_index(drop=True)
    turned["row_id"] = turned["unit_id"] = np.arange(len(turned))
    parts.vectors[:] = parts.vectors[::-1].copy()
    again = library.publish(own.id, type(parts)(**{**vars(parts), "points": turned}))
    before, after = inside(own.shown(), topic_id), inside(own.shown(again), topic_id)[::-1]
    # Others are drawn for the comparison, so a few doubtful ones may differ.
    assert (before == after).mean() > 0.97
    assert own.listed(again)[0]["lost"] == 0


def test_what_is_gone_is_told(own: Analysis):
    topic_id = tracked.create_from_reviews(own.id, own.bundle, "five", list(range(5, 100, 8)))
    other = library.publish(own.id, build_parts(40, 32))
    assert own.listed(other)[0]["lost"] == 12
    assert topic_id in own.shown(other).points.columns[-1]


def test_added_reviews_join_and_old_ones_stay(home, tmp_path, wearers):
    analysis = Analysis(library.create("wearers"), wearers, np.zeros(0))
    line = tracked.phrase("battery")
    (topic_id,) = tracked.create(analysis.id, wearers, [line])
    before = inside(analysis.shown(), topic_id)
    path = made_reviews.write(tmp_path / "new.csv", fresh(12))
    parts = add(wearers, Request(path, path.name), cache_dir=tmp_path / "caches")
    later = open_bundle(write_bundle(tmp_path / "later", parts))
    after = inside(analysis.shown(later), topic_id)
    assert np.array_equal(after[: len(before)], before)
    new = later.points["text"].iloc[len(before) :]
    assert after[len(before) :][new.str.contains("battery", case=False).to_numpy()].all()
    assert new.str.contains("battery", case=False).any()


def test_drafts_wait(home, tmp_path):
    draft = open_bundle(write_bundle(tmp_path / "draft", build_parts(draft=True)))
    analysis = library.create("d")
    with pytest.raises(UnusableInput, match="full map"):
        tracked.create(analysis, draft, [tracked.Line("a", ("a",))])


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"topics": 3},
        {"topics": [{"id": "x"}]},
        {"id": "x", "answers": [{"unit": "a"}]},
        {"ids": 5},
        {"topics": [3]},
    ],
)
def test_entries_without_sense_are_passed_over(own: Analysis, payload):
    (kept,) = create(own, tracked.Line("a", ("theme1",)))
    for kind in sorted(tracked.KINDS):
        journal.append(catalog.home() / own.id, kind, payload)
    assert [entry["id"] for entry in own.listed()] == [kept]


@pytest.mark.parametrize("name", HOSTILE)
def test_filters_colours_and_tables_know_it(own: Analysis, name):
    one, _two = create(own, tracked.Line(name, ("theme1",)), tracked.Line(name, ("theme2",)))
    over = own.shown()
    members = inside(over, one)
    assert np.array_equal(mask(over.points, over.rows, [Filter(f"tracked:{one}", "not", "")], strict=True), members)
    assert f"tracked:{one}" in allowed_colours(over.points, over.summary)
    spec = colour_by(over.points, over.rows, f"tracked:{one}", [])
    assert spec.labels == (name,)
    assert np.array_equal(spec.index != MISSING, members)
    table = full_table(over)
    assert np.array_equal(table[f"tracked: {name}"].astype(bool).to_numpy(), members)
    assert f"tracked: {name} (2)" in table


def test_names_are_masked_in_a_redacted_table(own: Analysis):
    create(own, tracked.Line("call 13800138000", ("theme1",)))
    assert not any("13800138000" in column for column in full_table(own.shown(), redact=True))
