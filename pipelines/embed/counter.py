"""How far an embedding is: texts, tokens, what the cache gave, and how fast the rest will go.

Batches come sorted by length, so texts a second fall as a run goes on, and an average over what is done promises too
much. Work is therefore weighed by bytes of UTF-8, which follow tokens closely in English (some four) as in Chinese
(three): the rate told is that of the texts to come, were their bytes to go as fast as those done.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

from pipelines.embed.base import Embedder
from pipelines.progress import Progress, packed

BYTES_OF_A_TOKEN = 4
_BYTES_OF_ANY_TEXT = 8
"""The two marks around a text cost as much as words do."""


class Counter:
    """Counts of one run, told to a Progress; a combination's parts that are not cached go uncounted."""

    def __init__(
        self, embedder: Embedder, total: int, progress: Progress, clock: Callable[[], float] = time.perf_counter
    ) -> None:
        self.embedded = 0
        self.cached = 0
        self.refused: dict[int, str] = {}
        self._embedder = embedder
        self._tokens_before = embedder.tokens
        self._total = total
        self._progress = progress
        self._clock = clock
        self._longest = 0
        self._started: float | None = None
        self._texts_left = 0
        self._work_left = 0
        self._work_done = 0

    @property
    def tokens(self) -> int:
        """Tokens embedded in this run, all parts of a combination together."""
        return self._embedder.tokens - self._tokens_before

    def expect(self, texts: Iterable[str], max_tokens: object) -> None:
        """What is to be embedded; of a text longer than `max_tokens` (where known) only the beginning costs time."""
        self._longest = max_tokens * BYTES_OF_A_TOKEN if isinstance(max_tokens, int) else 0
        sizes = [self._size(text) for text in texts]
        self._texts_left, self._work_left = len(sizes), sum(sizes)

    def begin(self) -> None:
        """The first batch is about to be computed: loading a model is no part of the rate."""
        if self._started is None:
            self._started = self._clock()

    def found(self, count: int) -> None:
        """Some texts came from the cache, before any was to be embedded."""
        self.cached += count
        self.tell()

    def found_late(self, texts: Iterable[str]) -> None:
        """Texts that were to be embedded came from the cache after all."""
        sizes = [self._size(text) for text in texts]
        self._texts_left -= len(sizes)
        self._work_left -= sum(sizes)
        self.found(len(sizes))

    def computed(self, texts: Iterable[str], refused: dict[int, str]) -> None:
        """A batch was embedded, but for the texts refused (index → why)."""
        sizes = [self._size(text) for text in texts]
        self.embedded += len(sizes) - len(refused)
        self.refused |= refused
        self._texts_left -= len(sizes)
        self._work_left -= sum(sizes)
        self._work_done += sum(sizes)
        self.tell()

    def tell(self) -> None:
        """Report texts done, their rate from here on, tokens and cache hits; raises Cancelled where that is asked."""
        done = min(self.cached + self.embedded + len(self.refused), self._total)
        note = packed(tokens=self.tokens, cached=self.cached)
        self._progress("embedding", done, self._total, rate=self.rate, note=note)

    @property
    def rate(self) -> float | None:
        """Texts a second that the rest will have (at the end: that the whole had); None before the first batch."""
        seconds = 0.0 if self._started is None else self._clock() - self._started
        if seconds <= 0 or self._work_done <= 0:
            return None
        if self._texts_left <= 0:
            return self.embedded / seconds if self.embedded else None
        return self._texts_left / (seconds * self._work_left / self._work_done)

    def _size(self, text: str) -> int:
        size = len(text) if text.isascii() else len(text.encode("utf-8", "replace"))
        return _BYTES_OF_ANY_TEXT + (min(size, self._longest) if self._longest else size)
