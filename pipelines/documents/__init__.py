"""Documents beside an analysis (policies, manuals, replies): read, split into passages, kept, found by meaning."""

from pipelines.documents.keep import DocumentInfo, add, find_problems, listed, remove, restore, sweep
from pipelines.documents.passages import Passage, split
from pipelines.documents.shelf import Shelf, kept_beside, shelf_of, shelf_of_files

__all__ = [
    "DocumentInfo",
    "Passage",
    "Shelf",
    "add",
    "find_problems",
    "kept_beside",
    "listed",
    "remove",
    "restore",
    "shelf_of",
    "shelf_of_files",
    "split",
    "sweep",
]
