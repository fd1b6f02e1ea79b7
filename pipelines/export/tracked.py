"""Tracked topics in a table: a column each, named after it, true where a review belongs."""

from __future__ import annotations

import pandas as pd

from pipelines.redact import redact as redact_text
from pipelines.store.reader import Bundle


def tracked_columns(bundle: Bundle, *, redact: bool = False) -> pd.DataFrame:
    """One row per upload row (index row_id), a column "tracked: <name>" for each tracked topic; empty for a row left
    out. Of equal names the later ones are numbered. redact: personal data in names is masked."""
    points, row_ids = bundle.points, bundle.rows["row_id"]
    columns: dict[str, pd.Series] = {}
    for entry in bundle.summary.get("tracked", ()):
        name = f"tracked: {redact_text(str(entry['name'])) if redact else entry['name']}"
        again = sum(known == name or known.startswith(f"{name} (") for known in columns)
        inside = points[entry["column"]].notna().groupby(points["row_id"], sort=True).any()
        columns[f"{name} ({again + 1})" if again else name] = inside.reindex(row_ids)
    return pd.DataFrame(columns, index=pd.Index(row_ids))
