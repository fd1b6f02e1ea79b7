"""Sentiment of every text: language by language, from stars where there are enough, else from teachers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from pipelines.errors import N_
from pipelines.progress import Progress, silent
from pipelines.sentiment import features, models, teachers
from pipelines.sentiment.agreement import COMPLAINT, PRAISE, agreement
from pipelines.sentiment.prototypes import Encode
from pipelines.sentiment.teachers import Verdicts
from pipelines.types import BoolArray, FloatArray, IntArray, Sentiment, Warning_

FROM_STARS = N_("{language}: learned from the stars of {n} reviews (cross-validated) and from {teachers}.")
FROM_JUDGED = N_("{language}: learned from {n} reviews that {teachers} judged.")
FROM_TEACHERS = N_("{language}: judged by {teachers}.")
FROM_MODEL = N_("Judged by the model {model}.")

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix


@dataclass(frozen=True)
class SentimentConfig:
    """teacher_sample, slow_sample, stars_sample: most texts of a language that teachers read, that slow ones among
    them read, that stars teach.

    fewest: texts of a language below which the teachers alone decide. neutral_band: scores nearer to 0 are neutral.
    seed: of the samples and the folds. model: hub id or folder of a model that judges in place of all that; "" none.
    """

    teacher_sample: int = 15_000
    slow_sample: int = 2000
    stars_sample: int = 20_000
    fewest: int = 200
    neutral_band: float = 0.2
    seed: int = 42
    model: str = ""


class Judge(Protocol):
    """A model that judges by itself."""

    def score(self, texts: Sequence[str], progress: Progress = silent) -> FloatArray:
        """Polarity (n,) on −1…1 of n texts; tells progress of the stage "sentiment"."""
        ...


_ODDS_TO_SCORE = 0.25
"""score = tanh(0.25 · odds), that is 2p − 1 for p = 1 / (1 + exp(−odds / 2)): the student believes in itself twice as
much as it should. Logistic fits on seven labelled sets at four shares of praise gave 0.17–0.4, mostly 0.2–0.3."""

_VERDICT_TO_ODDS = 5.0
"""Puts the teachers' mean verdict on the scale of the student's log-odds."""

_FEWEST_OF_EACH_END = 10
_MOST_SHIFT = 2.0


@dataclass(frozen=True)
class _Group:
    odds: FloatArray
    known: BoolArray
    method: Warning_


def score(
    texts: Sequence[str],
    languages: Sequence[str],
    ratings: FloatArray | None,
    encode: Encode | None,
    matrix: FloatArray | None,
    config: SentimentConfig | None = None,
    progress: Progress = silent,
    judge: Judge | None = None,
) -> Sentiment:
    """Polarity of n texts, language by language; 0 where neither teacher nor stars nor emoji speak.

    ratings (n,) on 1…5, NaN where missing. encode and matrix (n, dim): an embedder and its vectors of the texts, for
    the prototype teacher; both or neither. A rated text's score comes from models that did not see its stars. judge:
    the model that config.model names; what it says is the score, and nothing is learned.
    """
    config = config or SentimentConfig()
    if judge is not None:
        method = (Warning_(FROM_MODEL, {"model": config.model}),)
        return _told(judge.score(texts, progress), np.ones(len(texts), dtype=bool), method, ratings, config)
    count = len(texts)
    odds = np.zeros(count, dtype=np.float32)
    known = np.zeros(count, dtype=bool)
    methods: list[Warning_] = []
    done = 0
    for language in sorted(set(languages)):
        places = np.flatnonzero(np.asarray(languages, dtype=object) == language).astype(np.int64)
        group = _score_language(
            [texts[place] for place in places.tolist()],
            language,
            None if ratings is None else ratings[places],
            encode,
            None if matrix is None else matrix[places],
            config,
        )
        odds[places], known[places] = group.odds, group.known
        methods.append(replace(group.method, values={"language": language, **group.method.values}))
        done += len(places)
        progress("sentiment", done, count)
    return _told(np.tanh(_ODDS_TO_SCORE * odds).astype(np.float32), known, tuple(methods), ratings, config)


def _told(
    values: FloatArray,
    known: BoolArray,
    method: tuple[Warning_, ...],
    ratings: FloatArray | None,
    config: SentimentConfig,
) -> Sentiment:
    """Scores (n,) with their labels and confidence (0 where nothing is known), and their check against stars."""
    sign = np.where(np.abs(values) <= config.neutral_band, 0, np.sign(values)).astype(np.int64)
    label = np.array(["negative", "neutral", "positive"])[sign + 1]
    sure = np.where(sign == 0, 1.0 - np.abs(values), (1.0 + np.abs(values)) / 2.0)
    confidence = np.where(known, sure, 0.0).astype(np.float32)
    return Sentiment(values, label, confidence, method, _check(values, ratings, known))


def _score_language(
    texts: list[str],
    language: str,
    ratings: FloatArray | None,
    encode: Encode | None,
    matrix: FloatArray | None,
    config: SentimentConfig,
) -> _Group:
    """Log-odds of one language's texts."""
    taught = _sample(np.arange(len(texts)), config.teacher_sample, config.seed)
    heard = _sample(np.arange(len(taught)), config.slow_sample, config.seed)
    verdicts = teachers.judge(texts, taught, heard, language, encode, matrix)
    named = list(verdicts.names)
    rated = _sample(_polar(ratings, config.fewest), config.stars_sample, config.seed)
    grams = None
    if len(rated) or (len(texts) >= config.fewest and verdicts.first.any()):
        grams = _features(texts, language, np.union1d(taught, rated))
    if grams is None:
        return _by_teachers(len(texts), taught, verdicts, named)
    known = np.diff(grams.indptr) > 0
    odds = models.student(grams, verdicts, taught, config.seed)
    if not len(rated) or ratings is None:
        return _Group(odds, known, Warning_(FROM_JUDGED, {"n": len(taught), "teachers": named}))
    groups = np.unique([texts[place] for place in rated.tolist()], return_inverse=True)[1].astype(np.int64)
    praise = ratings[rated] >= PRAISE
    stars = models.from_stars(grams, praise, rated, groups, config.seed)
    # Learned from stars, these log-odds are as sure as they should be; the student's are twice as sure.
    odds = _shifted(models.stacked(stars, odds, rated, praise), rated, praise) / (2.0 * _ODDS_TO_SCORE)
    return _Group(odds, known, Warning_(FROM_STARS, {"n": len(rated), "teachers": named}))


def _shifted(odds: FloatArray, rated: IntArray, praise: BoolArray) -> FloatArray:
    """Log-odds moved so that the share above 0 is the share of praise by stars, by _MOST_SHIFT at most."""
    shift = float(np.quantile(odds[rated], 1.0 - float(praise.mean())))
    return (odds - np.clip(shift, -_MOST_SHIFT, _MOST_SHIFT)).astype(np.float32)


def _by_teachers(count: int, taught: IntArray, verdicts: Verdicts, named: list[str]) -> _Group:
    """The teachers' own verdicts; 0 for texts that they have not read."""
    odds = np.zeros(count, dtype=np.float32)
    odds[taught] = _VERDICT_TO_ODDS * verdicts.mean
    return _Group(odds, odds != 0, Warning_(FROM_TEACHERS, {"teachers": named}))


def _features(texts: list[str], language: str, known_from: IntArray) -> csr_matrix | None:
    """Features of all texts in the vocabulary of some; None where those have no words in common."""
    try:
        vectorizer, grams = features.fit([texts[place] for place in known_from.tolist()], language)
    except ValueError:
        return None
    if len(known_from) == len(texts):
        return grams
    from scipy.sparse import vstack

    rest = np.setdiff1d(np.arange(len(texts)), known_from)
    more = features.of_more([texts[place] for place in rest.tolist()], language, vectorizer)
    return vstack([grams, more], format="csr")[np.argsort(np.concatenate([known_from, rest]))]


def _polar(ratings: FloatArray | None, fewest: int) -> IntArray:
    """Places of texts with ≥4 or ≤2 stars, when there are enough of both ends to learn from; else none."""
    if ratings is None:
        return np.empty(0, dtype=np.int64)
    good, bad = np.flatnonzero(ratings >= PRAISE), np.flatnonzero(ratings <= COMPLAINT)
    if len(good) + len(bad) < fewest or min(len(good), len(bad)) < _FEWEST_OF_EACH_END:
        return np.empty(0, dtype=np.int64)
    return np.sort(np.concatenate([good, bad])).astype(np.int64)


def _sample(places: NDArray[np.integer], most: int, seed: int) -> IntArray:
    """At most `most` of the places, in order."""
    if len(places) <= most:
        return places.astype(np.int64)
    return np.sort(np.random.default_rng(seed).choice(places, size=most, replace=False)).astype(np.int64)


def _check(values: FloatArray, ratings: FloatArray | None, known: BoolArray) -> dict[str, float] | None:
    """Agreement of the texts' scores with stars: share, its interval, number of reviews, AUC; None where too few."""
    found = None if ratings is None else agreement(np.where(known, values, 0.0).astype(np.float32), ratings)
    if found is None or ratings is None:
        return None
    check = {"agree": found.share, "n": float(found.n), "low": found.low, "high": found.high}
    polar = known & (values != 0) & ((ratings >= PRAISE) | (ratings <= COMPLAINT))
    praise = ratings[polar] >= PRAISE
    if praise.any() and not praise.all():
        from sklearn.metrics import roc_auc_score

        check["auc"] = float(roc_auc_score(praise, values[polar]))
    return check
