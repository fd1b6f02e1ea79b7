"""The contradictions planted in a sample are found by a real analysis of it."""

from __future__ import annotations

import json

from pipelines.sentiment.contradictions import of_points
from pipelines.store.reader import open_bundle
from tests.conftest import ROOT, AnalysedSample


def test_most_planted_contradictions_are_found(analysed_sample: AnalysedSample) -> None:
    planted = json.loads((ROOT / "sample_data" / "planted" / "coffee_machines.json").read_text("utf-8"))
    (key,) = (name for name in planted if "contrad" in name)
    rows = {int(entry["row"] if isinstance(entry, dict) else entry) for entry in planted[key]}
    found = of_points(open_bundle(analysed_sample.bundle).points)["row_id"].tolist()
    assert len(rows & set(found)) >= 0.7 * len(rows)
    assert len(found) <= 60
