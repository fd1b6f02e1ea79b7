"""The vectors of a model's single tokens, each computed once and kept on disk: what a quick stand-in is made of.

A token's vector is that of its own letters alone, run through the model (model2vec, Tulkens & van Dongen 2024). The
table grows by the tokens that each file uses. One file a model and arithmetic, `models/<digest>/tokens-<digest>.stage`
in the state folder; one that is damaged, or cannot be written, costs time alone.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from pipelines import settings
from pipelines.checkpoints import Checkpoints
from pipelines.embed.base import identity_digest
from pipelines.embed.inprocess import LocalEmbedder
from pipelines.errors import UnusableInput
from pipelines.types import FloatArray, IntArray

if TYPE_CHECKING:
    from tokenizers import Tokenizer

log = logging.getLogger(__name__)

RULES = 1
"""Counts up when the way from token to vector changes, so that no kept vector of the old way is taken."""

AT_ONCE = 512
"""Tokens between two looks at whether to stop."""
KEPT_EVERY = 8192
"""Tokens after which the file is written anew: what a kill may cost."""
_MAX_MB = 4096
_STAGE = "tokens"
_INSIDE_A_WORD = "##"
_NO_LETTER = "\ufffd"


class TokenTable:
    """Token id → vector (dim,); reads its file on first use, and loads the model only for tokens that it lacks."""

    def __init__(self, teacher: LocalEmbedder, tokenizer: Tokenizer) -> None:
        self._teacher = teacher
        self._tokenizer = tokenizer
        self._new: list[tuple[np.ndarray, np.ndarray]] = []

    def lacking(self, ids: IntArray) -> IntArray:
        """Those that have no vector yet, sorted, each once."""
        lacking: IntArray = np.setdiff1d(ids, self._held[0])
        return lacking

    def add(self, ids: IntArray, tell: Callable[[int], None] = lambda done: None) -> None:
        """Compute what is lacking; `tell` hears how many are done and may raise to stop.

        What was computed until then is kept. Raises as the teacher does.
        """
        wanted = self.lacking(ids)
        kept = 0
        try:
            for start in range(0, len(wanted), AT_ONCE):
                tell(start)
                some = wanted[start : start + AT_ONCE]
                self._new.append((some, self._computed(some)))
                if start + len(some) - kept >= KEPT_EVERY:
                    self._keep()
                    kept = start + len(some)
        finally:
            if self._new:
                self._keep()

    def rows(self, ids: IntArray) -> FloatArray:
        """(n, dim) float32 of tokens that were added; zeros for a token that stands for no letter."""
        known, vectors = self._held
        rows: FloatArray = vectors[np.searchsorted(known, ids)].astype(np.float32)
        return rows

    @cached_property
    def _held(self) -> tuple[np.ndarray, np.ndarray]:
        """Ids (n,) int32, sorted, and their vectors (n, dim) float16: ten neighbours of 0.9998 of those in float32."""
        return self._read() or (np.zeros(0, np.int32), np.zeros((0, 0), np.float16))

    @cached_property
    def _digest(self) -> str:
        # A token is computed without what is put before a text.
        return identity_digest({**self._teacher.identity(), "prompts": {}, "tokens": RULES}).hex()

    @cached_property
    def _shelf(self) -> Checkpoints | None:
        try:
            return Checkpoints(settings.home() / "models" / self._teacher.digest, _MAX_MB)
        except UnusableInput:
            log.warning("no token of %s can be kept: the state folder cannot be used", self._teacher.name)
            return None

    def _read(self) -> tuple[np.ndarray, np.ndarray] | None:
        kept = self._shelf.load(_STAGE, self._digest) if self._shelf else None
        return (kept["ids"], kept["vectors"]) if kept else None

    def _keep(self) -> None:
        """Join what is new to what is held, and to what another process kept meanwhile; write it in one step."""
        parts = [part for part in (self._held, *self._new, self._read()) if part is not None and len(part[0])]
        ids, first = np.unique(np.concatenate([ids for ids, _ in parts]), return_index=True)
        self._held = (ids.astype(np.int32), np.concatenate([vectors for _, vectors in parts])[first])
        self._new = []
        if self._shelf:
            self._shelf.save(_STAGE, self._digest, {"ids": self._held[0], "vectors": self._held[1]})

    def _computed(self, ids: IntArray) -> np.ndarray:
        words = [self._letters(int(i)) for i in ids]
        told = [place for place, word in enumerate(words) if word]
        # Past a subclass's own way, which puts a prompt before a text: for one token that would be all that counts.
        found = LocalEmbedder.embed_documents(self._teacher, [words[place] for place in told] or ["a"])
        vectors = np.zeros((len(ids), found.shape[1]), np.float16)
        vectors[told] = found[: len(told)]
        return vectors

    def _letters(self, token: int) -> str:
        """A token as it stands in a text, without the mark of a word's inside; "" for a piece of a character."""
        text = self._tokenizer.decode([token], skip_special_tokens=False).strip()
        if len(text) > len(_INSIDE_A_WORD):
            text = text.removeprefix(_INSIDE_A_WORD)
        return "" if _NO_LETTER in text else text
