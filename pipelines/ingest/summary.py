"""What was understood of a file, as the command line and the Open page tell it."""

from __future__ import annotations

from collections import Counter

from pipelines.types import ROLES, Reviews


def summary(reviews: Reviews) -> dict[str, object]:
    """JSON-ready, as the `ingest --json` contract names it; adds how many rows are kept and why others are left out."""
    table, roles = reviews.table, reviews.roles
    left_out = Counter(why for why in reviews.reason if why)
    return {
        "encoding": table.encoding,
        "delimiter": table.delimiter,
        "header": table.header,
        "rows": len(table.frame),
        "columns": [str(name) for name in table.frame.columns],
        "roles": {role: roles.get(role) for role in ROLES},
        "confidence": {role: float(roles.confidence.get(role, 0.0)) for role in ROLES},
        "warnings": [str(warning) for warning in reviews.warnings],
        "kept": int(reviews.kept.sum()),
        "left_out": dict(left_out.most_common()),
    }
