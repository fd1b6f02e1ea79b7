"""What a question is understood as, and what its answer is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from pipelines.documents.passages import Passage
from pipelines.types import IntArray
from pipelines.view import Filter

AnswerKind = Literal["answer", "count", "thin"]
By = Literal["count", "quote", "document", "model", "note"]


@dataclass(frozen=True)
class Ask:
    """A question as it was understood by rules.

    subject: what it is about, without the words that ask. polarity: −1 complaints, 1 praise, 0 either. group: the
    column to count by ("" for none; a points column, or "row:" and one of the upload), period: its dates cut by D, W,
    M or Y where group is "date". filters: values of columns that the question names. most: which group has most is
    asked. unknown: the word of a column to count by that the file does not have. negated: the others are to be counted,
    those that do not say it.
    """

    text: str
    language: str
    is_count: bool
    subject: str
    polarity: int = 0
    group: str = ""
    period: str = ""
    filters: tuple[Filter, ...] = ()
    most: bool = False
    unknown: str = ""
    negated: bool = False


@dataclass(frozen=True)
class Group:
    """One value of the column counted by: reviews that match, of how many; share's 95 % interval (Wilson)."""

    value: str
    reviews: int
    total: int
    low: float
    high: float


@dataclass(frozen=True)
class Counted:
    """units (m,): positions in points of what matches, in upload order. reviews: distinct rows among them, of `total`
    in sight. by_words, by_meaning, by_topic: reviews that match in each way, one or more; of a
    negated question those that are not counted. topics: ids of those
    called by the subject. cut: the likeness from which on a meaning matches, NaN where it was not read. groups: empty
    without a column to count by.
    """

    units: IntArray
    reviews: int
    total: int
    low: float
    high: float
    by_words: int
    by_meaning: int
    by_topic: int
    topics: tuple[int, ...]
    cut: float
    groups: tuple[Group, ...] = ()


@dataclass(frozen=True)
class Sentence:
    """One sentence of an answer, plain text: never Markdown, a link or HTML.

    template, values: what the program says, to be translated; or text, which a model or a customer wrote. rows: row
    ids that it rests on. passages: those of documents. by: what it was made by. places: shown number → row id or
    passage, by the order of `rows` and `passages`.
    """

    by: By
    template: str = ""
    values: Mapping[str, object] = field(default_factory=dict)
    text: str = ""
    rows: tuple[int, ...] = ()
    units: tuple[int, ...] = ()
    passages: tuple[Passage, ...] = ()


@dataclass(frozen=True)
class Answer:
    """kind: answer · count · thin (too little to say). counted: what matches the question, where it was counted.

    model: whose sentences they are, None without one. left_out: sentences of the model that were not supported, by why.
    hostile: units that address a model instead of a reader, which are no evidence. notes: what a person should know.
    """

    kind: AnswerKind
    sentences: tuple[Sentence, ...]
    ask: Ask
    counted: Counted | None = None
    model: str | None = None
    left_out: Mapping[str, int] = field(default_factory=dict)
    hostile: int = 0
    notes: tuple[str, ...] = ()
