"""Each cluster described: name, keywords with the number of texts that hold them, exemplars."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from pipelines.progress import Progress, silent
from pipelines.redact import without_personal_data
from pipelines.text import clean
from pipelines.topics import exemplars, names, weights
from pipelines.topics.spoken import Spoken, read
from pipelines.topics.weights import Weighted
from pipelines.topics.written import Written
from pipelines.types import FloatArray, Topic

_TEXTS_FOR_TOKENS = 500


@dataclass(frozen=True)
class TopicConfig:
    """keywords, exemplars: how many of each a topic shows."""

    keywords: int = 10
    exemplars: int = 5


def describe(
    texts: Sequence[str],
    languages: Sequence[str],
    labels: NDArray[np.integer],
    strength: FloatArray,
    matrix: FloatArray,
    config: TopicConfig | None = None,
    progress: Progress = silent,
    spoken: Spoken | None = None,
) -> tuple[Topic, ...]:
    """One Topic per label 0…T−1, in that order; −1 is background. Every topic has a unique name, never empty.

    texts, languages, labels (m,), strength (m,) 0…1 and matrix (m, dim) are parallel and distinct (duplicates already
    collapsed). Exemplars are places in `texts`; keyword counts are texts of the topic that hold any form of the word.
    spoken: the texts' terms where they were read before.
    """
    config = config or TopicConfig()
    count = int(labels.max()) + 1 if len(labels) else 0
    if count <= 0:
        return ()
    strength = np.asarray(strength, dtype=np.float32)
    members = [np.flatnonzero(labels == topic).astype(np.int64) for topic in range(count)]
    main = [_main_language([languages[place] for place in inside.tolist()]) for inside in members]
    if spoken is None:
        spoken = read(texts, languages, lambda done: progress("topics", done, len(texts)))
    weighed = weights.weigh(spoken, np.asarray(labels), count)
    shown = [
        _as_written(names.keywords(_readable(found, language), config.keywords), [texts[i] for i in inside.tolist()])
        for found, language, inside in zip(weighed, main, members, strict=True)
    ]
    # Only a topic without any word is called after its signs.
    signs = [
        [] if words else _tokens([texts[place] for place in inside.tolist()])
        for words, inside in zip(shown, members, strict=True)
    ]
    topic_names = names.names(shown, signs)
    topics = tuple(
        Topic(
            id=topic,
            name=topic_names[topic],
            keywords=_scaled(shown[topic]),
            exemplars=exemplars.choose(members[topic], matrix, strength, texts, config.exemplars),
        )
        for topic in range(count)
    )
    progress("topics", len(texts), len(texts))
    return topics


def _main_language(languages: Sequence[str]) -> str:
    known = Counter(language for language in languages if language != "und")
    return max(known.items(), key=lambda item: (item[1], item[0]))[0] if known else "und"


def _readable(terms: Sequence[Weighted], language: str) -> list[Weighted]:
    """Terms in the script of the topic's readers: no Chinese in an English name; Latin words may stand in Chinese."""
    if language in ("zh", "ja", "und"):
        return list(terms)
    return [term for term in terms if not re.search("[\u3400-\u9fff]", term.surface)]


def _as_written(terms: Sequence[Weighted], texts: Sequence[str]) -> list[Weighted]:
    """Keywords in the form that the topic's texts use, each once; nothing personal is read."""
    written = Written(impersonal(text) for text in texts)
    found: dict[str, Weighted] = {}
    for term in terms:
        form = written.form(term.surface)
        found.setdefault(form.lower(), replace(term, surface=form))
    return list(found.values())


def _scaled(terms: Sequence[Weighted]) -> tuple[tuple[str, float, int], ...]:
    """(word, weight 0…1, texts of the topic that hold it)."""
    heaviest = max((term.weight for term in terms), default=1.0) or 1.0
    return tuple((term.surface, round(term.weight / heaviest, 4), term.count) for term in terms)


@lru_cache(maxsize=50_000)
def impersonal(text: str) -> str:
    """A text as names may be taken from it: clean, without personal data. Kept, since other topics ask for it again."""
    return clean(without_personal_data(text))


def _tokens(texts: Sequence[str]) -> list[str]:
    """The commonest tokens of texts without words (emoji, marks), each repeated character once; nothing personal."""
    counts = Counter(
        re.sub(r"(.)\1+", r"\1", token)[:12]
        for text in texts[:_TEXTS_FOR_TOKENS]
        for token in dict.fromkeys(without_personal_data(text).split())
    )
    return [token for token, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:3] if token]
