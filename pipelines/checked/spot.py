"""Answers of a spot check: of a review shown at random, whether its topic is right, and its sentiment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pipelines.checked import kinds
from pipelines.corrections import places
from pipelines.errors import N_, UnusableInput
from pipelines.store import catalog, journal
from pipelines.store.journal import Entry
from pipelines.store.reader import Bundle

TOPIC, SENTIMENT = "topic", "sentiment"
WHOLE = ""
"""The population of all reviews; any other is named by a digest of its filters."""


@dataclass(frozen=True)
class Answer:
    """One answer. key: the unit (corrections.places.keys). said: the topic's plain name, or the sentiment's label, that
    was judged. right: None where the person passed. population, round: the sample that it was asked in.
    """

    seq: int
    key: int
    question: str
    said: str
    right: bool | None
    population: str
    round: int


def said_of(bundle: Bundle, unit_id: int, question: str) -> str:
    """What the analysis says of a unit: its topic's name before people named it, or its label; "" without a topic."""
    unit = bundle.points.iloc[unit_id]
    if question == SENTIMENT:
        return str(unit["sentiment_label"])
    for topic in bundle.summary["topics"]:
        if int(topic["id"]) == int(unit["cluster"]) and not topic.get("hidden"):
            return str(topic.get("plain_name") or topic["name"])
    return ""


def answer(
    analysis_id: str,
    bundle: Bundle,
    unit_id: int,
    question: str,
    right: bool | None,
    *,
    population: str = WHOLE,
    number: int = 1,
    now: datetime | None = None,
) -> Entry:
    """Keep an answer about a unit, of round `number` in a population; right None: passed. Raises UnusableInput."""
    kinds.refuse_draft(bundle)
    payload = {
        "bundle": bundle.id,
        "unit": int(places.keys(bundle.points)[unit_id]),
        "question": question,
        "said": said_of(bundle, unit_id, question),
        "right": right,
        "population": population,
        "round": number,
    }
    return kinds.append(analysis_id, kinds.ANSWERED, payload, now)


def take_back(analysis_id: str, seq: int, *, now: datetime | None = None) -> Entry:
    """Undo an answer; raises UnusableInput where it is not one that stands."""
    if all(one.seq != seq for one in standing(journal.replay(catalog.home() / analysis_id))):
        raise UnusableInput(N_("There is no such change to take back; reload the page."))
    return kinds.append(analysis_id, kinds.TAKEN_BACK, {"seq": seq}, now)


def standing(entries: Sequence[Entry]) -> tuple[Answer, ...]:
    """The answers that nobody took back, oldest first; of several to one question in one round the last."""
    back = {entry.payload.get("seq") for entry in entries if entry.kind == kinds.TAKEN_BACK}
    found: dict[tuple[object, ...], Answer] = {}
    for entry in entries:
        if entry.kind != kinds.ANSWERED or entry.seq in back:
            continue
        try:
            right = entry.payload["right"]
            one = Answer(
                seq=entry.seq,
                key=int(entry.payload["unit"]),
                question=str(entry.payload["question"]),
                said=str(entry.payload["said"]),
                right=None if right is None else bool(right),
                population=str(entry.payload["population"]),
                round=int(entry.payload["round"]),
            )
        except (KeyError, TypeError, ValueError):
            continue
        place = (one.population, one.round, one.key, one.question)
        found.pop(place, None)
        found[place] = one
    return tuple(found.values())
