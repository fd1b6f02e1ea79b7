"""Questions about an analysis: counted, quoted or written by a model, each with the reviews it rests on."""

from pipelines.answer.asking import Prepared, as_json, prepare, reply
from pipelines.answer.types import Answer, Ask, Counted, Group, Sentence

__all__ = ["Answer", "Ask", "Counted", "Group", "Prepared", "Sentence", "as_json", "prepare", "reply"]
