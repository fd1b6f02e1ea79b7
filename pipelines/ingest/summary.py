"""What was understood of a file, as the command line and the Open page tell it."""

from __future__ import annotations

from collections import Counter

from pipelines.types import ROLES, Reviews, Roles, Table


def summary(table: Table, roles: Roles, reviews: Reviews | None = None) -> dict[str, object]:
    """JSON-ready, as the `ingest --json` contract names it, and more of the same kind beside it.

    reviews: None where no column can be the text; then nothing is said of kept and left out rows.
    """
    told: dict[str, object] = {
        "encoding": table.encoding or None,
        "delimiter": table.delimiter or None,
        "header": table.header,
        "rows": len(table.frame),
        "columns": [str(name) for name in table.frame.columns],
        "roles": {role: roles.get(role) for role in ROLES},
        "confidence": {role: float(roles.confidence.get(role, 0.0)) for role in ROLES},
        "warnings": [str(warning) for warning in (reviews.warnings if reviews else table.warnings)],
        "format": table.format,
        "sheet": table.sheet,
        "sheets": list(table.sheets),
        "scores": list(reviews.scores) if reviews else [],
        "damaged_bytes": table.damaged,
        "alternatives": [
            {"encoding": other.encoding, "plausibility": round(other.plausibility, 3), "sample": other.sample}
            for other in table.alternatives
        ],
    }
    if reviews is not None:
        told["kept"] = int(reviews.kept.sum())
        told["left_out"] = dict(Counter(why for why in reviews.reason if why).most_common())
        told["replies"] = sum(map(bool, reviews.reply or []))
    return told
