"""An answer without any model: counts, the names of topics, the best quotes and the passages of documents."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from pipelines.answer import words
from pipelines.answer.count import rows_of, values_of
from pipelines.answer.evidence import Evidence
from pipelines.answer.hostile import speaks_to_machine
from pipelines.answer.types import Ask, Counted, Sentence
from pipelines.documents.passages import Passage
from pipelines.documents.shelf import encode
from pipelines.embed.base import normalise
from pipelines.store.reader import Bundle
from pipelines.text import clean
from pipelines.tracked import meaning
from pipelines.types import IntArray
from pipelines.units.cutting import sentences as cut

QUOTES = 5
QUOTE_CHARS, QUOTE_HAN = 200, 90
MOST_GROUPS = 40
MIN_TOPIC = 2


def counted_sentences(bundle: Bundle, ask: Ask, counted: Counted) -> list[Sentence]:
    """The count as sentences: all of it, then group by group."""
    found = [_whole(bundle, ask, counted)]
    inside_of = units_by_group(bundle, ask, counted)
    if inside_of:
        for group in counted.groups[:MOST_GROUPS]:
            inside = inside_of[group.value]
            said = {"value": group.value, "n": group.reviews, "total": group.total,
                    "share": group.reviews / max(group.total, 1), "low": group.low, "high": group.high}  # fmt: skip
            found.append(_sentence("count", words.IN_GROUP, said, bundle, inside))
    return found


def units_by_group(bundle: Bundle, ask: Ask, counted: Counted) -> dict[str, IntArray]:
    """Positions of what is counted under each value of the column; empty where nothing was grouped."""
    column = values_of(bundle, ask) if counted.groups else None
    if column is None:
        return {}
    values = column.to_numpy(dtype=object)[counted.units]
    return {group.value: counted.units[values == group.value] for group in counted.groups}


def extracted(bundle: Bundle, ask: Ask, counted: Counted, evidence: Evidence) -> list[Sentence]:
    """How many speak of it and how they sound, the topics they are in, the best quotes, the passages."""
    found: list[Sentence] = []
    if counted.reviews >= MIN_TOPIC:
        found.append(_whole(bundle, ask, counted))
        if not ask.polarity:
            found.append(_mood(bundle, counted))
        found += _topics(bundle, counted, several=not ask.subject)
    return [*found, *quotes(bundle, ask, evidence), *passages(bundle, ask, evidence.passages)]


def quotes(bundle: Bundle, ask: Ask, evidence: Evidence, most: int = QUOTES) -> list[Sentence]:
    """The best of each review that clearly speaks of it; one that is near alone only where none is clear."""
    places = evidence.units[evidence.clear][:most]
    texts = bundle.points["text"].tolist()
    pieces = best_pieces(bundle, ask.text, [clean(str(texts[place])) for place in places])
    return [
        _sentence("quote", words.QUOTE, {"quote": piece}, bundle, np.array([place]))
        for place, piece in zip(places.tolist(), pieces, strict=True)
        if piece and not speaks_to_machine(piece)
    ]


def passages(bundle: Bundle, ask: Ask, found: Sequence[Passage]) -> list[Sentence]:
    """What documents say, each passage cut to what fits the question best."""
    pieces = best_pieces(bundle, ask.text, [one.text for one in found])
    return [
        Sentence(
            "document",
            words.PASSAGE_ON_PAGE if one.page else words.PASSAGE,
            {"quote": piece, "file": one.file, "page": one.page},
            passages=(one,),
        )
        for one, piece in zip(found, pieces, strict=True)
    ]


def thin(bundle: Bundle, evidence: Evidence) -> list[Sentence]:
    """That there is too little, and the one review that there is."""
    clear = evidence.units[evidence.clear]
    if not len(clear):
        return [Sentence("note", words.NONE)]
    return [_sentence("note", words.ONE, {}, bundle, clear[:1])]


def _whole(bundle: Bundle, ask: Ask, counted: Counted) -> Sentence:
    by_subject = {-1: words.COMPLAIN, 0: words.SPEAK, 1: words.PRAISE}
    by_all = {-1: words.COMPLAIN_ALL, 0: words.ALL, 1: words.PRAISE_ALL}
    if ask.negated:
        by_subject = {-1: words.NOT_COMPLAIN, 0: words.NOT_SPEAK, 1: words.NOT_PRAISE}
        by_all |= {-1: words.NOT_COMPLAIN_ALL, 1: words.NOT_PRAISE_ALL}
    said = {"n": counted.reviews, "total": counted.total, "share": counted.reviews / max(counted.total, 1),
            "low": counted.low, "high": counted.high, "subject": ask.subject}  # fmt: skip
    template = (by_subject if ask.subject else by_all)[ask.polarity]
    return _sentence("count", template, said, bundle, counted.units)


def _mood(bundle: Bundle, counted: Counted) -> Sentence:
    part = bundle.points.iloc[counted.units].drop_duplicates("row_id")
    labels = part["sentiment_label"].value_counts()
    said: dict[str, object] = {
        "n": len(part),
        "negative": int(labels.get("negative", 0)),
        "positive": int(labels.get("positive", 0)),
    }
    stars = part["rating"].dropna() if "rating" in part else pd.Series(dtype=float)
    if len(stars):
        said |= {"rated": len(stars), "stars": float(stars.mean())}
    return _sentence("count", words.STARS if len(stars) else words.MOOD, said, bundle, counted.units)


def _topics(bundle: Bundle, counted: Counted, *, several: bool) -> list[Sentence]:
    part = bundle.points.iloc[counted.units].assign(at=counted.units)
    part = part[(part["cluster"] >= 0) & (part["topic"] != "")]
    sizes = part.groupby("cluster")["row_id"].nunique().sort_values(ascending=False, kind="stable")
    found = []
    for cluster, size in sizes.head(3 if several else 1).items():
        if size < MIN_TOPIC or cluster in counted.topics or (not several and size < counted.reviews / 3):
            continue
        inside = part[part["cluster"] == cluster]
        said = {"k": int(size), "n": counted.reviews, "topic": str(inside["topic"].iloc[0])}
        found.append(_sentence("count", words.IN_TOPIC, said, bundle, inside["at"].to_numpy()))
    return found


def _sentence(by: str, template: str, said: dict[str, object], bundle: Bundle, units: IntArray) -> Sentence:
    ids = bundle.points["unit_id"].to_numpy()[units]
    return Sentence(by, template, said, rows=rows_of(bundle, units), units=tuple(ids.tolist()))  # type: ignore[arg-type]


def best_pieces(bundle: Bundle, asked_text: str, texts: Sequence[str]) -> list[str]:
    """Of each text the piece that fits the question best; a short text is quoted whole."""
    cuts = [[text] if _fits(text) else _runs(text) for text in texts]
    several = [piece for pieces in cuts if len(pieces) > 1 for piece in pieces]
    asked = meaning.vectors_of(bundle, [asked_text]) if several else None
    read = encode(bundle, several) if asked is not None else None
    worth = np.zeros(len(several)) if asked is None or read is None else normalise(read[:, : asked.shape[1]]) @ asked[0]
    found, at = [], 0
    for text, pieces in zip(texts, cuts, strict=True):
        if len(pieces) == 1:
            found.append(_short(pieces[0]))
            continue
        best = int(np.argmax(worth[at : at + len(pieces)]))
        at += len(pieces)
        piece = _short(pieces[best])
        found.append(("" if text.startswith(pieces[best]) else "… ") + piece + ("" if text.endswith(piece) else " …"))
    return found


def _runs(text: str) -> list[str]:
    """Neighbouring sentences together as long as they fit, beginning at each sentence."""
    pieces = cut(text)
    joint = "" if _is_han(text) else " "
    runs = []
    for start in range(len(pieces)):
        end = start + 1
        while end < len(pieces) and _fits(joint.join(pieces[start : end + 1])):
            end += 1
        runs.append(joint.join(pieces[start:end]))
        if end == len(pieces):
            break
    return runs


def _fits(text: str) -> bool:
    return len(text) <= (QUOTE_HAN if _is_han(text) else QUOTE_CHARS)


def _is_han(text: str) -> bool:
    return 2 * sum("\u3400" <= char <= "\u9fff" for char in text) > len(text) / 1.5


def _short(text: str) -> str:
    most = QUOTE_HAN * 2 if _is_han(text) else QUOTE_CHARS * 2
    return text if len(text) <= most else text[: most - 1] + "…"
