"""How far a command is, told on stderr, and the flag by which a signal stops it."""

from __future__ import annotations

import sys
import threading

from pipelines.errors import Cancelled

STOP = threading.Event()
"""Set by a signal that asks to stop."""

_BAR = 24


class TerminalProgress:
    """A Progress on stderr: one line that moves on a terminal; elsewhere a line a stage, or none."""

    def __init__(self, *, quiet_elsewhere: bool = False) -> None:
        self._stage = ""
        self._quiet = quiet_elsewhere
        self._moving = sys.stderr.isatty()

    def __call__(self, stage: str, done: float, total: float, *, rate: float | None = None, note: str = "") -> None:
        """Show it; raises Cancelled once STOP is set."""
        if STOP.is_set():
            raise Cancelled
        share = min(max(done / total, 0.0), 1.0) if total else 1.0
        if self._moving:
            speed = f" {rate:,.0f} texts/s" if rate else ""
            bar = "█" * round(share * _BAR) + "░" * (_BAR - round(share * _BAR))
            sys.stderr.write(f"\r\x1b[K{stage:<10} {bar} {share:4.0%}{speed} {note}" + ("\n" if share >= 1 else ""))
            sys.stderr.flush()
        elif stage != self._stage and not self._quiet:
            sys.stderr.write(f"{stage} …\n")
        self._stage = stage
