"""How far a map may be believed: whether reviews that stand together on it are really alike."""

from pipelines.trust.columns import COLUMN, COLUMN_3D, LEAST, POOR, column_of, misleads, share_true
from pipelines.trust.measure import measured, torn
from pipelines.trust.whole import SUMMARY, of_bundle, of_points

__all__ = [
    "COLUMN",
    "COLUMN_3D",
    "LEAST",
    "POOR",
    "SUMMARY",
    "column_of",
    "measured",
    "misleads",
    "of_bundle",
    "of_points",
    "share_true",
    "torn",
]
