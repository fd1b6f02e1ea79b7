"""How much something holds, in words."""

from __future__ import annotations


def in_words(size: float) -> str:
    """A size given in bytes: "312 kB", "4.2 MB", "37 MB", "1.5 GB" (each 1024 of the one before)."""
    if size >= 2**30:
        return f"{size / 2**30:.1f} GB"
    if size >= 2**20:
        return f"{size / 2**20:.0f} MB" if size >= 10 * 2**20 else f"{size / 2**20:.1f} MB"
    return f"{size / 2**10:.0f} kB"
