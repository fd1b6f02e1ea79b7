"""Reviews whose stars say one thing and whose text another."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipelines.types import FloatArray, IntArray, Sentiment

LEAST = 0.9
"""Distance between stars and text, both on −1…1, from which they contradict each other."""

SUREST = 0.4
"""A text nearer to neutral than this contradicts nothing. Of the 29 planted in sample_data (four files, `auto`) 25 are
found in lists of 87 reviews; with 0.5 they are 21 of 60, with 0.3 27 of 101."""

KIND_TEXT, KIND_STARS = "kind_text", "kind_stars"
"""Few stars beside a text that praises; many stars beside a text that complains."""


def contradictions(
    ratings: FloatArray | None, sentiment: Sentiment, least: float = LEAST
) -> tuple[IntArray, FloatArray]:
    """Places of contradicting reviews, strongest first, and their strength 0…1.

    Stars of 1…5 stand at −1…1; a contradiction has text and stars on opposite sides (3 stars contradict nothing) and
    at least `least` apart. The text's score must come from other texts, as `score` gives it.
    """
    if ratings is None:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32)
    return _found(np.asarray(ratings, dtype=np.float32), sentiment.score, least)


def of_points(points: pd.DataFrame) -> pd.DataFrame:
    """Contradicting reviews among a bundle's points, clearest first; empty where the file has no ratings.

    Columns: row_id, unit_id (of several units of a review the one that contradicts it most), rating, sentiment (the
    review's: the mean of its units), strength 0…1, kind (KIND_TEXT, KIND_STARS).
    """
    columns = ["row_id", "unit_id", "rating", "sentiment", "strength", "kind"]
    if "rating" not in points or points["rating"].isna().all():
        return pd.DataFrame({name: [] for name in columns})
    rated = points[points["rating"].notna()]
    whole = rated.groupby("row_id")["sentiment"].mean()
    # The farther from the stars, the sooner: by the sentiment itself under few stars, against it under many.
    against = rated["sentiment"].where(rated["rating"] < 3, -rated["sentiment"])
    first = rated.assign(against=against).sort_values(["row_id", "against"], ascending=[True, False], kind="stable")
    reviews = first.drop_duplicates("row_id").set_index("row_id")
    reviews["sentiment"] = whole.reindex(reviews.index)
    order, strength = _found(
        reviews["rating"].to_numpy(dtype=np.float32), reviews["sentiment"].to_numpy(dtype=np.float32), LEAST
    )
    found = reviews.iloc[order].reset_index()
    found["strength"] = strength
    found["kind"] = np.where(found["rating"] < 3, KIND_TEXT, KIND_STARS)
    return found[columns]


def _found(ratings: FloatArray, score: FloatArray, least: float) -> tuple[IntArray, FloatArray]:
    stars = (ratings - 3.0) / 2.0
    distance = np.abs(score - stars)
    opposite = (stars * score < 0) & (np.abs(score) >= SUREST) & (np.abs(stars) >= 0.5)
    # Two stars at −0.5 cannot lie two away from the text: measured against what is possible for those stars.
    strength = np.where(np.isnan(distance), 0.0, distance / (1.0 + np.abs(stars))).astype(np.float32)
    found = np.flatnonzero(opposite & (distance >= least))
    ranking = found[np.lexsort((found, -strength[found]))].astype(np.int64)
    return ranking, strength[ranking]
