"""Pictures that reviewers added: read from a zip or, where a person allows it, from the web; found by what they show.

    column of names ──names──▶ references ─┬─zipped──▶ bytes ──decoding──▶ small RGB picture ─┬─ vector (embed.clip)
                                           └─fetched─▶ bytes                                  └─ thumbnail

Vectors and re-encoded thumbnails lie in the bundle's state as arrays (`kept`); the uploaded files themselves are not
kept. The map and its topics come from the texts; a picture stands where its review stands.
"""

from pipelines.pictures.kept import STATE, Found, Pictures, of_bundle, search
from pipelines.pictures.names import columns_of_pictures
from pipelines.pictures.reading import STAGE, Wanted, digest, read

__all__ = [
    "STAGE",
    "STATE",
    "Found",
    "Pictures",
    "Wanted",
    "columns_of_pictures",
    "digest",
    "of_bundle",
    "read",
    "search",
]
