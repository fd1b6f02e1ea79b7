"""What a model is told of a topic, and all that its name may be made of: keywords with counts, a few masked quotes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from pipelines.redact import redact
from pipelines.store.reader import Bundle
from pipelines.text import clean

QUOTES = 4
QUOTE_CHARS = 160


@dataclass(frozen=True)
class Evidence:
    """One topic: plain is its name without a model; keywords with the number of reviews that hold them.

    language: the commonest of its reviews (zh, en, …; und where none is known). quotes: masked and cut.
    """

    topic: int
    plain: str
    units: int
    language: str
    keywords: tuple[tuple[str, int], ...]
    quotes: tuple[str, ...]


def gather(bundle: Bundle, topics: Collection[int] | None = None) -> list[Evidence]:
    """The evidence of a bundle's topics, as shown, those with keywords alone; topics: their ids, all by default."""
    texts = bundle.points["text"]
    found = []
    for topic in bundle.summary["topics"]:
        if not topic["keywords"] or (topics is not None and topic["id"] not in topics):
            continue
        quotes = [_quote(str(texts.iloc[place])) for place in topic["exemplars"][:QUOTES] if place < len(texts)]
        found.append(
            Evidence(
                topic=int(topic["id"]),
                plain=str(topic.get("plain_name") or topic["name"]),
                units=int(topic.get("units", 0)),
                language=_language(bundle, int(topic["id"])),
                keywords=tuple((redact(str(word)), int(count)) for word, _weight, count in topic["keywords"]),
                quotes=tuple(dict.fromkeys(quote for quote in quotes if quote)),
            )
        )
    return found


def _language(bundle: Bundle, topic: int) -> str:
    if "language" not in bundle.points:
        return "und"
    spoken = bundle.points.loc[bundle.points["cluster"] == topic, "language"]
    counts = spoken[spoken != "und"].value_counts()
    return str(counts.index[0]) if len(counts) else "und"


def _quote(text: str) -> str:
    # Masked before it is cut: half a number is found by no mask.
    masked = clean(redact(text))
    return masked if len(masked) <= QUOTE_CHARS else masked[: QUOTE_CHARS - 1] + "…"
