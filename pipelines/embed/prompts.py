"""What is put before a text so that a model knows its job: per family of models, editable, part of every identity.

Documents go bare unless a model was trained with a mark on them (E5, Nomic, EmbeddingGemma). Models that take a free
instruction can be given one for documents too, for clustering or classification. Sources: the models' own cards.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pipelines.config import Purpose
from pipelines.errors import N_, UnusableInput

QUERY_TASK = "Given a question about customer reviews, retrieve the reviews that answer it"
DOCUMENT_TASKS: Mapping[Purpose, str] = {
    "clustering": "Identify the topic or theme of the given customer review",
    "classification": "Classify the sentiment expressed in the given customer review",
}
MAX_PROMPT_CHARS = 2000


@dataclass(frozen=True)
class Prompts:
    """query: before a question; document: before a review; "" for bare. DashScope sends them apart, as `instruct`.

    left: the kinds of them for which the model's own stand.
    """

    query: str = ""
    document: str = ""
    left: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Raise UnusableInput for a prompt too long to be one."""
        longest = max(len(self.query), len(self.document))
        if longest > MAX_PROMPT_CHARS:
            raise UnusableInput(
                N_("A prompt has at most {most} characters; this one has {count}."),
                most=MAX_PROMPT_CHARS,
                count=longest,
            )

    def as_dict(self) -> dict[str, str]:
        """The prompts that are not bare, for identities."""
        return {kind: prompt for kind, prompt in (("query", self.query), ("document", self.document)) if prompt}

    def over(self, own: Prompts) -> Prompts:
        """These, with a model's own for what is left to it."""
        return Prompts(
            own.query if "query" in self.left else self.query,
            own.document if "document" in self.left else self.document,
        )

    @classmethod
    def from_dict(cls, prompts: object) -> Prompts:
        """The inverse of as_dict; anything else is bare."""
        found = prompts if isinstance(prompts, Mapping) else {}
        return cls(str(found.get("query") or ""), str(found.get("document") or ""))


MODELS_OWN = Prompts(left=("query", "document"))


@dataclass(frozen=True)
class _Family:
    """Models named alike: a pattern over the lower-case name, prompts, and the form an instruction takes, if any."""

    pattern: str
    query: str
    document: str = ""
    instruction: str = ""


_FAMILIES = (
    _Family(r"qwen3-embedding|gte-qwen2", "Instruct: {task}\nQuery:", instruction="Instruct: {task}\nQuery:"),
    _Family(r"e5-.*instruct|e5-mistral", "Instruct: {task}\nQuery: ", instruction="Instruct: {task}\nQuery: "),
    _Family(r"(^|[/-])e5(-|$)", "query: ", "passage: "),
    _Family(r"nomic-embed-text", "search_query: ", "search_document: ", "{purpose}: "),
    _Family(r"embeddinggemma", "task: search result | query: ", "title: none | text: ", "task: {purpose} | query: "),
    _Family(r"snowflake-arctic-embed.*(v2|2\.0|2:)", "query: "),
    _Family(
        r"snowflake-arctic-embed|mxbai-embed-large|bge-.*-en-v1\.5",
        "Represent this sentence for searching relevant passages: ",
    ),
    _Family(r"bge-.*-zh", "为这个句子生成表示以用于检索相关文章："),
    _Family(r"^text-embedding-v4$", "{task}", instruction="{task}"),
)


def default_prompts(model: str, purpose: Purpose = "retrieval") -> Prompts:
    """The prompts of a model by its name; bare for one unknown.

    purpose: clustering or classification puts an instruction before documents. Raises UnusableInput where the model
    takes none.
    """
    family = _family(model)
    if purpose != "retrieval" and not (family and family.instruction):
        raise UnusableInput(
            N_("“{model}” takes no instruction for {purpose}; leave its documents as they are."),
            model=model,
            purpose=purpose,
        )
    if family is None:
        return Prompts()
    document = family.document
    if purpose != "retrieval":
        document = family.instruction.format(task=DOCUMENT_TASKS[purpose], purpose=purpose)
    return Prompts(family.query.format(task=QUERY_TASK), document)


def takes_instruction(model: str) -> bool:
    """Whether documents of this model can carry a clustering or classification instruction."""
    family = _family(model)
    return bool(family and family.instruction)


def _family(model: str) -> _Family | None:
    name = model.lower()
    return next((family for family in _FAMILIES if re.search(family.pattern, name)), None)
