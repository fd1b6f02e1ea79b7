"""Chat models behind one small shape: a question with its rules and a JSON schema in, a checked answer out."""

from pipelines.ask.base import ChatModel
from pipelines.ask.registry import NAMES, resolve

__all__ = ["NAMES", "ChatModel", "resolve"]
