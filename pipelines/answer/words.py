"""The program's own sentences in an answer, as templates in plain words; a catalogue translates them."""

from __future__ import annotations

from collections.abc import Callable

from pipelines.answer.types import Answer, Sentence
from pipelines.errors import N_
from pipelines.view import Filter, describe
from pipelines.words import catalogue

COMPLAIN = N_("{n} of {total} reviews complain about “{subject}” ({share}; {low}–{high} with 95 % certainty).")
PRAISE = N_("{n} of {total} reviews praise “{subject}” ({share}; {low}–{high} with 95 % certainty).")
SPEAK = N_("{n} of {total} reviews speak of “{subject}” ({share}; {low}–{high} with 95 % certainty).")
COMPLAIN_ALL = N_("{n} of {total} reviews are complaints ({share}; {low}–{high} with 95 % certainty).")
PRAISE_ALL = N_("{n} of {total} reviews are praise ({share}; {low}–{high} with 95 % certainty).")
ALL = N_("{n} of {total} reviews are counted ({share}; {low}–{high} with 95 % certainty).")
NOT_COMPLAIN = N_(
    "{n} of {total} reviews do not complain about “{subject}” ({share}; {low}–{high} with 95 % certainty)."
)
NOT_PRAISE = N_("{n} of {total} reviews do not praise “{subject}” ({share}; {low}–{high} with 95 % certainty).")
NOT_SPEAK = N_("{n} of {total} reviews do not speak of “{subject}” ({share}; {low}–{high} with 95 % certainty).")
NOT_COMPLAIN_ALL = N_("{n} of {total} reviews are no complaints ({share}; {low}–{high} with 95 % certainty).")
NOT_PRAISE_ALL = N_("{n} of {total} reviews are no praise ({share}; {low}–{high} with 95 % certainty).")
IN_GROUP = N_("{value}: {n} of {total} ({share}; {low}–{high} with 95 % certainty).")
MOOD = N_("{negative} of these {n} sound negative, {positive} positive.")
STARS = N_(
    "{negative} of these {n} sound negative, {positive} positive; {rated} of them have stars, {stars} on average."
)
IN_TOPIC = N_("{k} of these {n} are in the topic “{topic}”.")
NONE = N_("No review clearly speaks of this. Try other words, or fewer filters.")
ONE = N_("Only one review clearly speaks of this: too little for an answer.")
QUOTE = N_("“{quote}”")
PASSAGE = N_("“{quote}” ({file})")
PASSAGE_ON_PAGE = N_("“{quote}” ({file}, page {page})")

AMONG = N_("Counted are only reviews with {filters}.")
NO_COLUMN = N_("The file has no column for “{word}”: counted in all.")
HOSTILE = N_("Reviews that speak to a machine instead of a reader were found and left aside: {n}.")
NOTHING_SUPPORTED = N_("Nothing that the model wrote stands in the reviews it named; this answer is made without it.")
UNREAD = N_("The model that read these reviews cannot be asked here: found by words alone.")

OTHER_LANGUAGE = N_(
    "The question is in another language than most reviews: their words cannot match it, only their meaning. "
    "Ask in their language for a fuller count."
)

HOW_WORDS = N_("hold the words: {n}")
HOW_MEANING = N_("mean it, with a likeness of at least {cut}: {n}")
HOW_TOPIC = N_("are in a topic called so ({topics}): {n}")
HOW_COMPLAINT = N_("A complaint sounds negative or has at most {few} stars; one with five stars is none.")
HOW_PRAISE = N_("Praise sounds positive or has at least {many} stars; one with at most {few} is none.")

NOT_PLAIN = N_("it holds a link, markup or a machine’s words")
NO_CITATION = N_("it names no review that was given")
NUMBER = N_("it holds a number that the reviews it names do not")
AGAINST = N_("the reviews it names say the opposite")
UNSUPPORTED = N_("the reviews it names do not say that")
REPEATED = N_("it says the same as another one")

_SHARES = ("share", "low", "high")


def said(sentence: Sentence, translate: Callable[[str], str]) -> str:
    """A sentence as it is read."""
    if not sentence.template:
        return sentence.text
    values = {
        name: f"{value:.0%}" if name in _SHARES and isinstance(value, float)
        else f"{value:,}" if isinstance(value, int)
        else f"{value:.1f}" if isinstance(value, float)
        else str(value)
        for name, value in sentence.values.items()
    }  # fmt: skip
    return translate(sentence.template).format(**values)


def noted(note: str, answer: Answer, translate: Callable[[str], str]) -> str:
    """One of the answer's notes as it is read."""
    filters = "; ".join(map(_filter, answer.ask.filters))
    return translate(note).format(word=answer.ask.unknown, n=answer.hostile, filters=filters)


def _filter(item: Filter) -> str:
    parts = describe(item)
    return f"{parts.column}: {'–'.join(parts.values) if item.op == 'between' else ', '.join(parts.values)}"


def in_its_language(answer: Answer) -> list[str]:
    """The answer's sentences in the language of its question."""
    translate = catalogue(answer.ask.language).gettext
    return [said(one, translate) for one in answer.sentences]
