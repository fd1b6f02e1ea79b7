"""From a question to its answer: understood, counted, looked up, and written with a model or without one."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from typing import Any

import numpy as np

from pipelines import logs
from pipelines.answer import extract, words
from pipelines.answer.count import about, count
from pipelines.answer.evidence import Evidence, gather
from pipelines.answer.prompt import RULES, SCHEMA, Given, Preview, check_agreed, given, preview, question
from pipelines.answer.question import understand
from pipelines.answer.support import Written, supported
from pipelines.answer.types import Answer, Ask, Counted, Sentence
from pipelines.ask import ChatModel
from pipelines.ask.reply import objects
from pipelines.documents.shelf import Shelf
from pipelines.embed.retry import MalformedError
from pipelines.errors import N_, ReviewscapeError, UnusableInput
from pipelines.store.reader import Bundle
from pipelines.tracked import meaning
from pipelines.types import BoolArray

MAX_CHARS = 500
FEWEST = 2
"""Reviews that have to speak of something before it is said what they say."""
_MOST_CITES = 50
_MOSTLY = 0.8
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Prepared:
    """A question with all that its answer may rest on; nothing was asked of anybody."""

    ask: Ask
    counted: Counted
    evidence: Evidence
    texts: tuple[Given, ...]
    request: str

    @property
    def needs_model(self) -> bool:
        """Whether a model has anything to write: counts are counted, and of nothing nothing is said."""
        return not self.ask.is_count and not _is_thin(self)

    def preview(self, model: ChatModel) -> Preview:
        """What would be sent to a model."""
        return preview(model, self.request, self.texts)


def prepare(bundle: Bundle, text: str, *, shelf: Shelf | None = None, allowed: BoolArray | None = None) -> Prepared:
    """Understand a question and look up what it may rest on, among units `allowed` (n,) and the documents of a shelf.

    Raises UnusableInput for a question that is empty or too long.
    """
    if not text.strip():
        raise UnusableInput(N_("The question is empty. Type what you want to know about the reviews."))
    if len(text) > MAX_CHARS:
        raise UnusableInput(N_("The question is longer than {most} characters. Ask a shorter one."), most=MAX_CHARS)
    ask = understand(bundle, text)
    counted = count(bundle, ask, allowed)
    said, meant, _cut, _topics = about(bundle, ask.subject)
    evidence = gather(bundle, ask, (said | meant) if ask.subject else np.zeros(len(said), dtype=bool), shelf, allowed)
    texts = tuple(given(bundle, evidence))
    return Prepared(ask, counted, evidence, texts, question(bundle, ask, texts))


def reply(bundle: Bundle, prepared: Prepared, *, model: ChatModel | None = None, agreed: bool = False) -> Answer:
    """The answer; with a model, its sentences that stand, after the count that is never a model's.

    Raises UnusableInput where something would leave the computer and nobody agreed, and what the model raises.
    """
    started = time.perf_counter()
    try:
        made = _reply(bundle, prepared, model, agreed)
    except ReviewscapeError as error:
        logs.event(_log, "ask.failed", level=logging.WARNING, error=error)
        raise
    logs.event(_log, "ask.answered", kind=made.kind, seconds=time.perf_counter() - started)
    return made


def _reply(bundle: Bundle, prepared: Prepared, model: ChatModel | None, agreed: bool) -> Answer:
    ask, counted, evidence = prepared.ask, prepared.counted, prepared.evidence
    notes = _notes(bundle, prepared)
    hostile = len(evidence.hostile)
    if ask.is_count:
        found = [*extract.counted_sentences(bundle, ask, counted), *extract.passages(bundle, ask, evidence.passages)]
        return Answer("count", tuple(found), ask, counted, hostile=hostile, notes=notes)
    if _is_thin(prepared):
        return Answer("thin", tuple(extract.thin(bundle, evidence)), ask, counted, hostile=hostile, notes=notes)
    if model is None:
        found = extract.extracted(bundle, ask, counted, evidence)
        return Answer("answer", tuple(found), ask, counted, hostile=hostile, notes=notes)
    check_agreed(prepared.preview(model), agreed=agreed)
    written = model.answer(RULES, prepared.request, SCHEMA, _read)
    kept, left_out = supported(bundle, ask, written, prepared.texts)
    if not kept:
        found = extract.extracted(bundle, ask, counted, evidence)
        return Answer("answer", tuple(found), ask, counted, left_out=left_out, hostile=hostile,
                      notes=(*notes, words.NOTHING_SUPPORTED))  # fmt: skip
    first = extract.extracted(bundle, ask, counted, _bare(evidence))[:1] if counted.reviews >= FEWEST else []
    return Answer("answer", (*first, *kept), ask, counted, model.name, left_out, hostile, notes)


def as_json(bundle: Bundle, answer: Answer) -> dict[str, Any]:
    """DESIGN's contract: kind, sentences with their row ids, count, model; and what a reader may want beside it."""
    texts = words.in_its_language(answer)
    counted = answer.counted
    return {
        "kind": answer.kind,
        "sentences": [_sentence_json(text, one) for text, one in zip(texts, answer.sentences, strict=True)],
        "count": counted.reviews if counted is not None and answer.kind == "count" else None,
        "model": answer.model,
        "groups": [
            {"value": one.value, "count": one.reviews, "of": one.total}
            for one in (counted.groups if counted is not None and answer.kind == "count" else ())
        ],
        "threshold": None if counted is None or np.isnan(counted.cut) else round(counted.cut, 4),
        "left_out": dict(answer.left_out),
        "notes": [words.noted(note, answer, str) for note in answer.notes],
    }


def _sentence_json(text: str, one: Sentence) -> dict[str, object]:
    passages = [{"file": p.file, "passage": p.number, "page": p.page or None} for p in one.passages]
    told: dict[str, object] = {"text": text, "row_ids": list(one.rows)}
    return {**told, "passages": passages} if passages else told


def _is_thin(prepared: Prepared) -> bool:
    clear = int(prepared.evidence.clear.sum())
    return max(clear, prepared.counted.reviews) < FEWEST and not prepared.evidence.passages


def _notes(bundle: Bundle, prepared: Prepared) -> tuple[str, ...]:
    found = []
    if prepared.ask.filters:
        found.append(words.AMONG)
    if prepared.ask.unknown:
        found.append(words.NO_COLUMN)
    # A count leaves none of them aside.
    if len(prepared.evidence.hostile) and not prepared.ask.is_count:
        found.append(words.HOSTILE)
    if _is_foreign(bundle, prepared.ask):
        found.append(words.OTHER_LANGUAGE)
    if not meaning.is_read_here(bundle):
        found.append(words.UNREAD)
    return tuple(found)


def _is_foreign(bundle: Bundle, ask: Ask) -> bool:
    """Whether a subject in one of the two languages is asked of reviews that are mostly in the other."""
    if "language" not in bundle.points or not ask.subject:
        return False
    other = "zh" if ask.language == "en" else "en"
    return float((bundle.points["language"] == other).mean()) > _MOSTLY


def _bare(evidence: Evidence) -> Evidence:
    return Evidence(evidence.units[:0], evidence.clear[:0], evidence.hostile)


def _read(text: str) -> list[Written]:
    """Sentences out of an answer; whatever else a model wrote is passed over. An empty list is an answer too."""
    try:
        found = objects(text, holding="text")
    except MalformedError:
        # "No sentences" is what a model is to say where the texts do not answer.
        if objects(text, holding="sentences"):
            return []
        raise
    written = []
    for one in found[:40]:
        said, cites = one.get("text"), one.get("cites")
        if isinstance(said, str):
            numbers = cites if isinstance(cites, list) else []
            kept = tuple(int(n) for n in numbers[:_MOST_CITES] if isinstance(n, int) and not isinstance(n, bool))
            written.append(Written(said[:2000], kept))
    return written
