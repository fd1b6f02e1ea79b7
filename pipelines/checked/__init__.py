"""What people say of single reviews: that one is not odd after all, or that its topic and sentiment are right or not.

a person ─dismiss, answer─▶ journal ─standing─▶ lay ─▶ points without what was dismissed, summary["spot_check"]
"""

from pipelines.checked.dismissed import COLUMN as DISMISSED
from pipelines.checked.dismissed import Dismissal, bring_back, dismiss
from pipelines.checked.dismissed import standing as dismissals
from pipelines.checked.kinds import KINDS
from pipelines.checked.layer import lay
from pipelines.checked.precision import QUESTIONS, Precision, precision
from pipelines.checked.rounds import AT_ONCE, Round, next_round
from pipelines.checked.spot import SENTIMENT, TOPIC, Answer, answer, take_back
from pipelines.checked.spot import standing as answers

__all__ = [
    "AT_ONCE", "DISMISSED", "KINDS", "QUESTIONS", "SENTIMENT", "TOPIC",
    "Answer", "Dismissal", "Precision", "Round",
    "answer", "answers", "bring_back", "dismiss", "dismissals", "lay", "next_round", "precision", "take_back",
]  # fmt: skip
