"""Why a review is unlike all others: the signs it bears, each with the figures that it is read from."""

from pipelines.odd.signs import FAR, KINDS, LANGUAGE, LONG, MACHINE, SHORT, SUBJECT, Sign, Signs, kinds_of, of, say

__all__ = ["FAR", "KINDS", "LANGUAGE", "LONG", "MACHINE", "SHORT", "SUBJECT", "Sign", "Signs", "kinds_of", "of", "say"]
