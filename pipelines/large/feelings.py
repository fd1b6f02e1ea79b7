"""Sentiment of a large file: found as everywhere among the landmarks, then brought to all other units in blocks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from pipelines import checkpoints, judging, staged
from pipelines.add import feelings
from pipelines.progress import Progress, within
from pipelines.running import Run
from pipelines.types import FloatArray, IntArray, Reviews, Sentiment, Units, Vectors

_BLOCK = 300_000
"""Units judged together: their vectors and words take some 1.5 GB."""


def of_all(
    run: Run,
    reviews: Reviews,
    units: Units,
    vectors: Vectors,
    landmark: IntArray,
    encode: Callable[[list[str]], FloatArray] | None,
) -> Sentiment:
    """Scores of all n units on the landmarks' scale; the check against stars is that of the landmarks.

    The others are judged in blocks drawn at random, so that no border between two of them looks like a change in time.
    """
    few = units.take(landmark)
    sample = replace(vectors, matrix=np.asarray(vectors.matrix[landmark]))
    share = len(landmark) / max(len(units.text), 1)
    found = staged.sentiment_of(run.within(0.0, share), reviews, few, sample, encode)
    score = np.zeros(len(units.text), dtype=np.float32)
    label = np.full(len(score), "neutral", dtype="<U8")
    confidence = np.zeros(len(score), dtype=np.float32)
    score[landmark], label[landmark], confidence[landmark] = found.score, found.label, found.confidence
    others = np.setdiff1d(np.arange(len(score)), landmark, assume_unique=True)
    config = judging.settings_of(run.request.config)
    judge = judging.judge_of(config)
    drawn = np.random.default_rng(run.request.config.seed).permutation(others)
    stars = None if reviews.rating is None else reviews.rating[units.row_id]
    for begin in range(0, len(drawn), _BLOCK):
        at = np.sort(drawn[begin : begin + _BLOCK])
        done = len(landmark) + begin
        told = within(run.progress, done / len(score), (done + len(at)) / len(score))

        def compute(at: IntArray = at, told: Progress = told) -> dict[str, np.ndarray]:
            felt = feelings.score(
                few,
                found.score,
                units.take(at),
                (None, None) if stars is None else (stars[landmark], stars[at]),
                encode,
                (sample.matrix, np.asarray(vectors.matrix[at])),
                config,
                told,
                judge,
            )
            return {"score": felt.score, "label": felt.label.astype("<U8"), "confidence": felt.confidence}

        texts = [units.clean[i] for i in at.tolist()]
        digest = checkpoints.digest(
            texts, None if stars is None else stars[at], found.score, config, dict(vectors.identity)
        )
        kept = run.keep("sentiment", digest, compute)
        score[at], label[at], confidence[at] = kept["score"], kept["label"], kept["confidence"]
    return replace(found, score=score, label=label, confidence=confidence)
