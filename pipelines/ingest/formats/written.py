"""Typed values as a person writes them: numbers, moments, lengths of time."""

from __future__ import annotations

import datetime
import decimal
import math


def number(value: float, digits: int = 17) -> str:
    """Whole numbers without a point, no 5.7E+17, NaN as an empty cell; digits: significant ones of a fraction."""
    if math.isnan(value):
        return ""
    if math.isinf(value):
        return str(value)
    if value.is_integer() and abs(value) < 1e16:
        return str(int(value))
    # Beyond 1e16 a whole number's last digits are not its own: the shortest text that means the same is padded with 0.
    text = repr(value) if digits >= 17 or abs(value) >= 1e16 else f"{value:.{digits}g}"
    return format(decimal.Decimal(text), "f").removesuffix(".0") if "e" in text or text.endswith(".0") else text


def moment(text: str) -> str:
    """2024-01-02 for 2024-01-02 00:00:00.000, and no zeros after the last digit of a second."""
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.removesuffix(" 00:00:00")


def duration(value: datetime.timedelta) -> str:
    """Hours, minutes and seconds, the hours beyond 24 as well: 30:05:00."""
    sign = "-" if value < datetime.timedelta() else ""
    seconds = abs(value) // datetime.timedelta(seconds=1)
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
