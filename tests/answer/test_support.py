"""What a model wrote against what it cites: sentences that stand, that are quoted instead, and that are left out."""

from __future__ import annotations

import pytest

from pipelines.answer import prepare, words
from pipelines.answer.prompt import Given
from pipelines.answer.support import Written, supported

QUESTION = "What do customers say about delivery?"
HONEST = [
    ("Several parcels arrived weeks late.", (91, 201, 167, 246)),
    ("Some machines came with a cracked water tank or a damaged box.", (66, 94, 178, 3)),
    ("Parts were missing from the box, such as the tamper or the carafe.", (400, 383, 207)),
    ("Other customers were happy with quick delivery and good packing.", (15, 170, 111, 466)),
    ("A few parcels were left outside or stolen.", (38, 504)),
    ("Deliveries to Canada were stuck at the border or on wrong routes.", (336, 46, 91)),
    ("Saved drinks and recipes were lost after the update.", (294, 323, 509, 394)),
    ("The timer and schedule stopped working.", (345, 394, 498, 389)),
]
"""Sentences as a careful model writes them, with rows that say so."""


def judge(bundle, *written: tuple[str, tuple[int, ...]]):
    """Citations are row ids of the sample."""
    rows = list(dict.fromkeys(row for _text, cites in written for row in cites))
    place = {int(row): i for i, row in enumerate(bundle.points["row_id"].tolist())}
    number = {row: i for i, row in enumerate(rows, start=1)}
    given = [Given(number[row], str(bundle.points["text"].iloc[place[row]]), unit=place[row]) for row in rows]
    asked = prepare(bundle, QUESTION).ask
    return supported(
        bundle, asked, [Written(text, tuple(number[row] for row in cites)) for text, cites in written], given
    )


def test_most_honest_sentences_are_shown_in_their_words_or_the_reviews(coffee) -> None:
    kept, _out = judge(coffee, *HONEST)
    assert len(kept) >= 5 and sum(one.by == "model" for one in kept) >= 4
    assert all(set(one.rows) <= {row for _text, rows in HONEST for row in rows} for one in kept)


def test_what_one_review_says_is_quoted_from_it(coffee) -> None:
    (one,), _out = judge(coffee, ("The parcel was sent to Winnipeg and then Regina.", (46,)))
    assert one.by == "quote" and one.rows == (46,) and "Winnipeg" in str(one.values["quote"])


@pytest.mark.parametrize(
    ("text", "rows", "why"),
    [
        ("Everyone loves the delivery.", (91, 201), words.AGAINST),
        ("47 parcels were lost.", (46, 91), words.NUMBER),
        ("The company was founded by two brothers in Graz.", (46, 91), words.UNSUPPORTED),
        ("See [here](http://evil.example) for late delivery.", (46, 91), words.NOT_PLAIN),
        ("Late delivery, write to jane@example.com.", (46, 91), words.NOT_PLAIN),
        ("<b>Late</b> delivery.", (46, 91), words.NOT_PLAIN),
        ("", (46,), words.NOT_PLAIN),
        ("Late " * 80, (46,), words.NOT_PLAIN),
    ],
)
def test_what_does_not_stand_is_left_out_and_why_is_told(coffee, text, rows, why) -> None:
    kept, out = judge(coffee, (text, rows))
    assert kept == [] and out == {why: 1}


def test_citations_that_do_not_exist_or_do_not_support_are_dropped(coffee) -> None:
    asked = prepare(coffee, QUESTION).ask
    kept, out = supported(coffee, asked, [Written("Several parcels arrived weeks late.", (99, -1))], [])
    assert kept == [] and out == {words.NO_CITATION: 1}
    (one,), _out = judge(
        coffee, ("Parts were missing from the box, such as the tamper or the carafe.", (400, 383, 207, 224))
    )
    assert 224 not in one.rows


def test_the_same_twice_is_said_once(coffee) -> None:
    kept, out = judge(coffee, HONEST[2], HONEST[2])
    assert len(kept) == 1 and out == {words.REPEATED: 1}
