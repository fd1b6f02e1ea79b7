"""Dismissals and spot checks: kept in the journal, taken back, read on later maps."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pipelines import checked
from pipelines import shown as layers
from pipelines.errors import UnusableInput
from pipelines.export.checked import SPOT_CHECK, spot_said
from pipelines.store import catalog, journal, library
from pipelines.store.reader import Bundle, open_bundle
from pipelines.words import catalogue
from tests import sample_bundle

N = 120


@pytest.fixture
def analysis(home: Path) -> str:
    made = library.create("Checked")
    library.publish(made, sample_bundle.parts(N))
    return made


def entries(analysis: str) -> list[journal.Entry]:
    return journal.replay(catalog.home() / analysis)


def shown(analysis: str, up_to: int | None = None) -> Bundle:
    path = library.latest_bundle(analysis)
    assert path is not None
    return layers.shown(open_bundle(path), layers.deciding(entries(analysis), up_to=up_to), lambda _id: None)


def everywhere(bundle: Bundle) -> np.ndarray:
    return np.ones(len(bundle.points), dtype=bool)


def odd_units(bundle: Bundle) -> list[int]:
    return bundle.points.loc[bundle.points["is_outlier"], "unit_id"].tolist()


def test_what_is_dismissed_is_odd_nowhere_until_it_is_brought_back(analysis):
    before = shown(analysis)
    first, *others = odd_units(before)
    entry = checked.dismiss(analysis, before, [first])
    after = shown(analysis)
    assert odd_units(after) == others
    assert after.points[checked.DISMISSED].sum() == 1
    assert after.summary["outliers"]["count"] == len(others)
    assert after.key != before.key
    assert odd_units(shown(analysis, up_to=entry.seq - 1)) == [first, *others]
    (standing,) = checked.dismissals(entries(analysis))
    checked.bring_back(analysis, standing.seq)
    assert odd_units(shown(analysis)) == [first, *others]
    with pytest.raises(UnusableInput):
        checked.bring_back(analysis, standing.seq)


def test_copies_go_along_and_a_re_run_keeps_it(analysis):
    bundle = shown(analysis)
    checked.dismiss(analysis, bundle, [N - 3])
    assert checked.dismissals(entries(analysis))[0].reviews == 3
    library.publish(analysis, sample_bundle.parts(N))
    assert shown(analysis).points[checked.DISMISSED].to_numpy().nonzero()[0].tolist() == [N - 3, N - 2, N - 1]


def test_refusals(analysis):
    bundle = shown(analysis)
    with pytest.raises(UnusableInput):
        checked.dismiss(analysis, bundle, [])
    with pytest.raises(UnusableInput):
        checked.take_back(analysis, 99)
    draft = sample_bundle.parts(N)
    draft.config["draft"] = True
    library.publish(analysis, draft)
    bundle = shown(analysis)
    assert bundle.is_draft
    with pytest.raises(UnusableInput):
        checked.dismiss(analysis, bundle, [1])
    with pytest.raises(UnusableInput):
        checked.answer(analysis, bundle, 1, checked.TOPIC, True)


def test_a_round_asks_for_topic_and_sentiment_of_twenty_and_comes_back_after_a_reload(analysis):
    bundle = shown(analysis)
    found = checked.next_round(bundle, everywhere(bundle), ())
    assert (found.number, len(found.units), len({*found.units})) == (1, 20, 20)
    unclear = {unit for unit in found.units if bundle.points["cluster"].iloc[unit] < 0}
    asked = [(unit, question) for unit in found.units for question in checked.QUESTIONS]
    assert list(found.open) == [one for one in asked if one[1] == checked.SENTIMENT or one[0] not in unclear]
    unit, question = found.open[0]
    checked.answer(analysis, bundle, unit, question, True)
    again = checked.next_round(bundle, everywhere(bundle), checked.answers(entries(analysis)))
    assert again.units == found.units
    assert again.open == found.open[1:]


def test_the_next_round_asks_about_others(analysis):
    bundle = shown(analysis)
    first = checked.next_round(bundle, everywhere(bundle), ())
    for unit, question in first.open:
        checked.answer(analysis, bundle, unit, question, None)
    answers = checked.answers(entries(analysis))
    assert checked.next_round(bundle, everywhere(bundle), answers).open == ()
    second = checked.next_round(bundle, everywhere(bundle), answers, number=2)
    assert len(second.units) == 20
    assert not {*first.units} & {*second.units}
    few = everywhere(bundle) & (np.arange(N) < 5)
    assert len(checked.next_round(bundle, few, answers, population="few").units) == 5


def test_texts_that_say_the_same_are_asked_about_once(analysis):
    bundle = shown(analysis)
    copies = np.arange(N) >= N - 3
    assert len(checked.next_round(bundle, copies, ()).units) == 1


def test_every_review_is_as_likely_as_any_other(analysis):
    bundle = shown(analysis)
    times = np.zeros(N)
    for number in range(1, 401):
        times[list(checked.next_round(bundle, everywhere(bundle), (), number=number).units)] += 1
    single = times[: N - 3]
    expected = single.mean()
    spread = ((single - expected) ** 2 / expected).sum() / (len(single) - 1)
    assert 0.5 < spread < 1.4


def test_precision_with_its_interval_in_the_summary(analysis):
    bundle = shown(analysis)
    found = checked.next_round(bundle, everywhere(bundle), ())
    of_sentiment = [unit for unit, question in found.open if question == checked.SENTIMENT]
    for place, unit in enumerate(of_sentiment):
        checked.answer(analysis, bundle, unit, checked.SENTIMENT, place >= 3)
    checked.answer(analysis, bundle, found.units[0], checked.TOPIC, None)
    figures = shown(analysis).summary[SPOT_CHECK]
    assert {*figures} == {checked.SENTIMENT}
    one = figures[checked.SENTIMENT]
    assert (one["right"], one["asked"]) == (17, 20)
    # Wilson's interval of 17 in 20 (Newcombe 1998, formula 3).
    assert (round(one["low"], 3), round(one["high"], 3)) == (0.640, 0.948)
    said = spot_said(shown(analysis).summary, catalogue("en").gettext)
    assert said == "Spot check of reviews drawn at random: sentiment right for 17 of 20 (95 %: 64% to 95%)."


def test_an_answer_is_changed_and_taken_back(analysis):
    bundle = shown(analysis)
    checked.answer(analysis, bundle, 30, checked.SENTIMENT, True)
    checked.answer(analysis, bundle, 30, checked.SENTIMENT, False)
    (answer,) = checked.answers(entries(analysis))
    assert answer.right is False
    checked.take_back(analysis, answer.seq)
    (answer,) = checked.answers(entries(analysis))
    assert answer.right is True
    checked.take_back(analysis, answer.seq)
    assert checked.answers(entries(analysis)) == ()
    assert SPOT_CHECK not in shown(analysis).summary


def test_answers_of_a_part_say_nothing_of_the_whole(analysis):
    bundle = shown(analysis)
    checked.answer(analysis, bundle, 30, checked.SENTIMENT, True, population="abc")
    answers = checked.answers(entries(analysis))
    assert checked.precision(bundle, answers) == {}
    assert checked.precision(bundle, answers, "abc")[checked.SENTIMENT].asked == 1
    assert spot_said(shown(analysis).summary, str) == ""


def test_an_answer_about_another_label_does_not_count_on_a_later_map(analysis):
    bundle = shown(analysis)
    for unit in (30, 31):
        checked.answer(analysis, bundle, unit, checked.SENTIMENT, True)
    parts = sample_bundle.parts(N)
    labels = parts.points["sentiment_label"].to_numpy(dtype=object).copy()
    labels[30] = "neutral" if labels[30] != "neutral" else "positive"
    parts.points["sentiment_label"] = labels
    library.publish(analysis, parts)
    assert shown(analysis).summary[SPOT_CHECK][checked.SENTIMENT]["asked"] == 1


def test_what_cannot_be_read_is_passed_over(analysis):
    folder = catalog.home() / analysis
    for kind in sorted(checked.KINDS):
        for payload in ({}, {"unit": "x"}, {"units": {"rows": "?"}, "reviews": 1}, {"seq": None}):
            journal.append(folder, kind, payload)
    assert checked.dismissals(entries(analysis)) == ()
    assert checked.answers(entries(analysis)) == ()
    assert len(shown(analysis).points) == N
