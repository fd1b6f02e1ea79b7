"""Chat models behind one small shape: a question with its rules and a JSON schema in, a checked answer out."""

from pipelines.ask.base import ChatModel
from pipelines.ask.registry import NAMES, resolve
from pipelines.ask.sending import Sending, check_budget

__all__ = ["NAMES", "ChatModel", "Sending", "check_budget", "resolve"]
