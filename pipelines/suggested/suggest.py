"""Asks a model for names, a few topics at a time; what fails a check keeps its plain name and says why."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from pipelines.ask import ChatModel
from pipelines.ask.reply import objects
from pipelines.errors import N_, Cancelled, ReviewscapeError
from pipelines.suggested import checks
from pipelines.suggested.evidence import Evidence
from pipelines.suggested.prompt import RULES, SCHEMA, batches, question

log = logging.getLogger(__name__)

Told = Callable[[int, int], None]
"""Called with topics done and topics in all; raises Cancelled to stop."""

NO_ANSWER = N_("the model did not answer: {reason}")


@dataclass(frozen=True)
class Suggestion:
    """A topic's plain name and what the model called it; name is "" where that cannot be shown.

    why: then why, a template over {reason}, which is the provider's.
    """

    topic: int
    plain: str
    name: str
    why: str = ""
    reason: str = ""


def suggest(
    model: ChatModel,
    evidence: Sequence[Evidence],
    *,
    taken: Sequence[str] = (),
    told: Told = lambda done, total: None,
) -> list[Suggestion]:
    """One suggestion a topic, in the order of the evidence. taken: names of other topics, which none may get.

    Topics that the answer left out, or whose name fails a check, are asked about once more, then left as they are; a
    refused request costs its own topics alone. Raises what the first request raises (a missing key, no such model,
    nobody there), Cancelled out of `told`.
    """
    names = {name.casefold() for name in taken}
    found: dict[int, Suggestion] = {}
    told(0, len(evidence))
    for attempt, some in enumerate(batches(evidence)):
        answer = _asked(model, some, needed=attempt == 0)
        if isinstance(answer, str):
            for one in some:
                found[one.topic] = Suggestion(one.topic, one.plain, "", NO_ANSWER, answer)
        else:
            again = _settle(some, answer, names, found)
            second = _asked(model, again, needed=False) if again else {}
            if again and not isinstance(second, str):
                _settle(again, second, names, found)
        told(len(found), len(evidence))
    return [found[one.topic] for one in evidence]


def _settle(
    some: Sequence[Evidence], answer: dict[int, str], names: set[str], found: dict[int, Suggestion]
) -> list[Evidence]:
    """Check the names of some topics; those that cannot be shown."""
    failed = []
    for one in some:
        name = " ".join(answer.get(one.topic, "").split())
        why = checks.problem(name, one, names)
        # A refused name is neither kept nor told: it may say whatever a review wanted it to say.
        found[one.topic] = Suggestion(one.topic, one.plain, "" if why else name, why)
        if why:
            failed.append(one)
        else:
            names.add(name.casefold())
    return failed


def _asked(model: ChatModel, some: Sequence[Evidence], *, needed: bool) -> dict[int, str] | str:
    """Names by topic, of those asked about alone; the reason where a request that is not the first failed."""
    wanted = {one.topic for one in some}
    try:
        answer: dict[int, str] = model.answer(RULES, question(some), SCHEMA, lambda text: _read(text, wanted))
    except Cancelled:
        raise
    except ReviewscapeError as error:
        if needed:
            raise
        log.warning("%s named none of %d topics (%s)", model.name, len(some), type(error).__name__)
        return str(error)
    return answer


def _read(text: str, wanted: set[int]) -> dict[int, str]:
    """Topic → name out of an answer; ids not asked about are passed over, of two for one id the first counts."""
    names: dict[int, str] = {}
    for one in objects(text, holding="id"):
        topic, name = _whole(one.get("id")), one.get("name")
        if topic in wanted and isinstance(name, str):
            names.setdefault(topic, name)
    return names


def _whole(value: Any) -> int:
    if isinstance(value, str) and value.isdecimal():
        value = int(value[:9])
    return value if isinstance(value, int) and not isinstance(value, bool) else -1
