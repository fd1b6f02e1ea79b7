"""A quick stand-in for a local model: a text is the weighted sum of its tokens' vectors, and no text is read whole.

`static:<the model's name>`. The vectors come from the model: each token alone (distil), then moved so that sums of
them are as near as can be to what the model makes of a few of the file's own reviews. Weights are those of smooth
inverse frequency (Arora et al. 2017, "A simple but tough-to-beat baseline for sentence embeddings"), by the file's own
counts; the moving is kernel ridge regression with the tokens alone as its prior.

Same-label share among ten neighbours, reviews beside those learned from, on tweets / banking77 / clinc_oos / musical
instruments: character n-grams 0.41 0.52 0.54 0.16; tokens alone 0.39 0.53 0.59 0.17; learned from 200 reviews 0.46 0.61
0.62 0.23, from 400 0.47 0.65 0.64 0.25, from 600 0.48 0.66 0.65 0.26; the model itself 0.49 0.71 0.71 0.31. Reducing by
PCA changed nothing (±0.003), weights by Zipf's law or tf-idf in place of SIF lost 0.02 and 0.01 without learning;
learning without the tokens alone lost 0.08.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from pipelines.embed.base import State, direct
from pipelines.embed.cache import VectorCache
from pipelines.embed.distil import RULES, TokenTable
from pipelines.embed.engine import embed_texts
from pipelines.embed.tokenizing import sound
from pipelines.errors import N_, DamagedBundle
from pipelines.progress import Progress, silent
from pipelines.types import FloatArray, IntArray

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix
    from tokenizers import Tokenizer

    from pipelines.embed.bundled import BundledEmbedder
    from pipelines.embed.local import SentenceTransformerEmbedder

COMMON = 0.01
"""A token that makes up this share of a file counts half (`a` in SIF's a / (a + p))."""
LEARNED_FROM = 400
"""Reviews that the model itself reads, evenly spaced over the file."""
LEARNED_CHARS = 300
"""What is read of each: long reviews cut here taught as much as whole ones (0.253 and 0.256), in a fifth of the time.
"""
RIDGE = 0.5
FEW = 20
"""So many reviews at nothing are put beside the file's own when a mean is taken: a small file's mean says little."""


class StaticEmbedder:
    """`static:…`: (n, dim) like its teacher's, fitted on a file. Raises as the teacher where it must be asked."""

    max_batch = 4096
    paid = False
    remote = False
    per_text = False
    batch_dependent = False

    def __init__(self, teacher: BundledEmbedder | SentenceTransformerEmbedder) -> None:
        self.name = f"static:{teacher.name}"
        self.tokens = 0
        self._teacher = teacher
        self._state: dict[str, np.ndarray] | None = None
        self._rows = np.zeros((0, 0), np.float32)
        self._bags_of: dict[str, int] = {}
        self._bags: csr_matrix | None = None
        self._read: tuple[list[str], FloatArray] | None = None

    @property
    def dim(self) -> int:
        """See Embedder; before `fit` it may load the teacher."""
        return self._teacher.dim if self._state is None else self._state["rows"].shape[1]

    def identity(self) -> dict[str, object]:
        """See Embedder: the teacher's, by another name."""
        how = {"rules": RULES, "common": COMMON, "from": [LEARNED_FROM, LEARNED_CHARS], "ridge": RIDGE, "few": FEW}
        return {**self._teacher.identity(), "name": self.name, "static": how}

    def plan(self, texts: Sequence[str]) -> list[list[int]]:
        """Fixed numbers of texts, in their order."""
        return [list(range(i, min(i + self.max_batch, len(texts)))) for i in range(0, len(texts), self.max_batch)]

    def cut_off(self, texts: Sequence[str]) -> list[int]:
        """Indices of texts longer than the teacher reads, and so longer than is read here."""
        return self._teacher.cut_off(texts)

    def prepare(self, texts: Sequence[str], progress: Progress = silent, cache: VectorCache | None = None) -> None:
        """Make what `fit` needs of the teacher for these texts, where it is not there yet; `fit` does so silently.

        The stage told is "embedding", in tokens and texts. The reviews that the teacher reads go through `cache`, so
        that the full run finds them. Raises Cancelled (what was made is kept), and as the teacher does.
        """
        distinct = list(dict.fromkeys(texts))
        self._bags_of = {text: i for i, text in enumerate(distinct)}
        self._bags = self._bags_from(distinct)
        used = np.unique(self._bags.indices)
        sample = _evenly_spaced(distinct)
        lacking = len(self._table.lacking(used))
        self._table.add(used, lambda done: progress("embedding", done, lacking + len(sample)))

        def tell(stage: str, done: float, total: float, *, rate: float | None = None, note: str = "") -> None:
            progress(stage, lacking + done, lacking + total, rate=rate, note=note)

        self._read = (sample, embed_texts(self._teacher, sample, cache, tell).matrix)

    def fit(self, texts: Sequence[str]) -> dict[str, np.ndarray]:
        """Learn the file's own token vectors: tokens, rows, and centre and scale for tokens that it lacks."""
        if self._read is None or len(texts) != len(self._bags_of) or any(text not in self._bags_of for text in texts):
            self.prepare(texts)
        assert self._bags is not None
        assert self._read is not None
        counts = np.bincount(self._bags.indices, weights=_times(self._bags))
        used = np.flatnonzero(counts)
        if not len(used):
            return self._take(_knows_nothing(self._read[1].shape[1]))
        weights = (COMMON / (COMMON + counts[used] / max(1.0, counts.sum()))).astype(np.float32)
        state = _learned(
            _weighted(_columns(self._bags, used), weights),
            _weighted(_columns(self._bags_from(self._read[0]), used), weights),
            self._read[1],
            self._table.rows(used),
        )
        rows = (state["rows"] * weights[:, np.newaxis]).astype(np.float16)
        return self._take({**state, "rows": rows, "tokens": used.astype(np.int32)})

    def restore(self, state: State) -> None:
        """See KeptEmbedder; raises DamagedBundle when arrays are missing or do not fit each other."""
        taken = {name: state[name] for name in ("tokens", "rows", "centre", "scale") if name in state}
        if (
            len(taken) < 4
            or taken["rows"].ndim != 2
            or taken["tokens"].shape != taken["rows"].shape[:1]
            or taken["centre"].shape != taken["rows"].shape[1:]
            or taken["scale"].shape != ()
        ):
            raise DamagedBundle(
                N_("The bundle's state does not fit its embedder “{name}”. Run the analysis again."), name=self.name
            )
        self._bags_of, self._bags = {}, None
        self._take(taken)

    def embed_documents(self, texts: Sequence[str]) -> FloatArray:
        """(n, dim) float32, each of length 1; a text without any known token gets the first axis.

        Before `fit` no token has its weight: raises RuntimeError.
        """
        if self._state is None:
            raise RuntimeError("StaticEmbedder.fit or restore comes before embedding")
        if not len(texts):
            return np.zeros((0, self.dim), np.float32)
        if self._bags is not None and all(text in self._bags_of for text in texts):
            bags = self._bags[[self._bags_of[text] for text in texts]]
        else:
            bags = self._bags_from(texts)
        self.tokens += int(_times(bags).sum())
        tokens, rows = self._state["tokens"], self._rows
        lacking = np.setdiff1d(bags.indices, tokens)
        if len(lacking):
            tokens, rows = np.concatenate([tokens, lacking]), np.concatenate([rows, self._unlearned(lacking)])
        # Row by row, in the order of the tokens' ids: a text's bits do not vary with what stands beside it.
        return direct(_columns(bags, tokens) @ rows)

    def embed_query(self, text: str) -> FloatArray:
        """(dim,) float32 of length 1; tokens that the file lacks weigh most, and may load the teacher."""
        return self.embed_documents([text])[0]

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self._teacher.tokenizer_file))
        limit = self._teacher.identity().get("max_tokens")
        if isinstance(limit, int):
            tokenizer.enable_truncation(max_length=limit)
        tokenizer.no_padding()
        return tokenizer

    @cached_property
    def _table(self) -> TokenTable:
        return TokenTable(self._teacher, self._tokenizer)

    def _bags_from(self, texts: Sequence[str]) -> csr_matrix:
        """(n, vocabulary) float32: 1 + ln of how often each token stands in each text; unknown and marks left out."""
        from scipy.sparse import csr_matrix

        encoded = self._tokenizer.encode_batch_fast([sound(text) for text in texts], add_special_tokens=False)
        ids = [encoding.ids for encoding in encoded]
        ends = np.cumsum([0, *map(len, ids)])
        flat = np.fromiter(chain.from_iterable(ids), np.int32, int(ends[-1]))
        marks = [i for i, token in self._tokenizer.get_added_tokens_decoder().items() if token.special]
        shape = (len(texts), self._tokenizer.get_vocab_size(with_added_tokens=True))
        bags = csr_matrix((np.isin(flat, marks, invert=True).astype(np.float32), flat, ends), shape=shape)
        bags.sum_duplicates()
        bags.eliminate_zeros()
        bags.data = 1 + np.log(bags.data)
        return bags

    def _unlearned(self, ids: IntArray) -> FloatArray:
        """(n, dim) float32 of tokens that the file lacks, as they would be with no review to learn from."""
        assert self._state is not None
        self._table.add(ids)
        rows: FloatArray = self._state["scale"] * _centred(self._table.rows(ids), self._state["centre"])
        return rows

    def _take(self, state: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        self._read = None
        self._state = state
        self._rows = state["rows"].astype(np.float32)
        return dict(state)


def _learned(every: csr_matrix, read: csr_matrix, wanted: FloatArray, alone: FloatArray) -> dict[str, np.ndarray]:
    """Vectors of tokens whose sums over `read` come near `wanted`: rows (tokens, dim), centre (dim,), scale ().

    every, read: (texts, tokens), rows of length 1. wanted: (read, dim), the teacher's. alone: (tokens, dim), the prior.
    rows = scale·(alone - centre) + Rᵀ(RRᵀ + λ)⁻¹(W - scale·R(alone - centre)), W without its mean.
    """
    from scipy.sparse import csr_matrix

    common = np.asarray(every.sum(axis=0), np.float64).ravel()
    total = max(1.0, common.sum() * (every.shape[0] + FEW) / max(1, every.shape[0]))
    # Sparse products, and a system solved in double precision: what comes out does not hang on the number of threads.
    centre = np.asarray(csr_matrix((common / total).astype(np.float32)) @ alone)[0]
    prior = _centred(alone, centre)
    target = wanted - wanted.sum(axis=0, dtype=np.float64) / (len(wanted) + FEW)
    guess = (read @ prior).astype(np.float64)
    size = float(np.square(guess).sum())
    scale = max(0.0, float((guess * target).sum()) / size) if size > 0 else 1.0
    products = (read @ read.T).toarray().astype(np.float64)
    products[np.diag_indices_from(products)] += RIDGE
    share = np.linalg.solve(products, target - scale * guess).astype(np.float32)
    rows = np.float32(scale) * prior + read.T @ share
    return {"rows": rows, "centre": centre, "scale": np.array(scale, np.float32)}


def _knows_nothing(dim: int) -> dict[str, np.ndarray]:
    """The state after texts in which no token is known."""
    nothing = np.zeros(dim, np.float32)
    return {
        "tokens": np.zeros(0, np.int32),
        "rows": np.zeros((0, dim), np.float16),
        "centre": nothing,
        "scale": np.array(1, np.float32),
    }


def _centred(rows: FloatArray, centre: FloatArray) -> FloatArray:
    """Rows less the centre; a token that stands for no letter stays at nothing."""
    centred: FloatArray = np.where(np.any(rows, axis=1, keepdims=True), rows - centre, np.float32(0))
    return centred


def _times(bags: csr_matrix) -> np.ndarray:
    """How often each token stands in each text, in the order of the entries."""
    times: np.ndarray = np.rint(np.exp(bags.data - 1))
    return times


def _columns(bags: csr_matrix, ids: IntArray) -> csr_matrix:
    """(n, ids) float32: those columns of bags, in that order; entries of other columns count nothing."""
    from scipy.sparse import csr_matrix

    place = np.full(bags.shape[1], -1, np.int32)
    place[ids] = np.arange(len(ids), dtype=np.int32)
    place = place[bags.indices]
    shape = (bags.shape[0], len(ids))
    return csr_matrix((np.where(place < 0, np.float32(0), bags.data), np.maximum(place, 0), bags.indptr), shape=shape)


def _weighted(bags: csr_matrix, weights: FloatArray) -> csr_matrix:
    """Columns times their weights, rows of length 1 (or zeros)."""
    result = bags.copy()
    result.data *= weights[result.indices]
    rows = np.repeat(np.arange(result.shape[0]), np.diff(result.indptr))
    length = np.sqrt(np.bincount(rows, weights=result.data.astype(np.float64) ** 2, minlength=result.shape[0]))
    result.data /= np.maximum(length, np.finfo(np.float32).tiny)[rows].astype(np.float32)
    return result


def _evenly_spaced(texts: Sequence[str]) -> list[str]:
    """At most LEARNED_FROM beginnings of texts, each once."""
    places = np.unique(np.linspace(0, len(texts) - 1, min(len(texts), LEARNED_FROM)).round().astype(int))
    return list(dict.fromkeys(texts[place][:LEARNED_CHARS] for place in places))
