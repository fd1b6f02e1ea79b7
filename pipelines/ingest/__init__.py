"""Upload to Reviews: the only place that opens an upload."""

from pipelines.ingest.document import Document
from pipelines.ingest.isolated import read, read_document, understand
from pipelines.ingest.meaning.roles import guess_roles
from pipelines.ingest.options import IngestOptions, Source
from pipelines.ingest.reviews import ingest, to_reviews
from pipelines.ingest.summary import summary
from pipelines.ingest.table import read_table
from pipelines.ingest.understanding import Understanding, understanding

__all__ = [
    "Document",
    "IngestOptions",
    "Source",
    "Understanding",
    "guess_roles",
    "ingest",
    "read",
    "read_document",
    "read_table",
    "summary",
    "to_reviews",
    "understand",
    "understanding",
]
