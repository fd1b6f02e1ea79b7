"""Why a picture was not taken: one kind a sentence, counted, never quoting an address or a name."""

from __future__ import annotations

from pipelines.errors import N_


class NotTaken(Exception):
    """A picture that is left out; kind: a key of WHY."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


WHY = {
    "missing": N_("{n} pictures: no file of that name in {source}."),
    "ambiguous": N_("{n} pictures: several files of that name in {source}; write their folders too."),
    "damaged": N_("{n} pictures do not read as JPEG, PNG, WebP, GIF or BMP."),
    "large": N_("{n} pictures are larger than {limit_mb} MB or {limit_mpx} million pixels."),
    "not_allowed": N_("{n} pictures are addresses on the web; they are fetched only where you allow it."),
    "address": N_("{n} addresses were not asked: they are no public http or https address."),
    "type": N_("{n} addresses answered with something else than a picture."),
    "status": N_("{n} addresses answered that there is no such picture, or did not answer."),
    "time": N_("{n} addresses took longer than {limit_s} s."),
    "too_many": N_("{n} pictures are beyond the {limit} that are read of one file."),
}
"""Why → what is told of it; the words between braces are filled in by reading.read."""
