"""Reports and tables of corrected topics: their new names, and nothing of what is hidden."""

from __future__ import annotations

from pathlib import Path

from pipelines import corrections as fix
from pipelines import shown as layers
from pipelines.export.html import write_report
from pipelines.export.tables import write_table
from pipelines.store import catalog, journal, library
from tests import sample_bundle


def test_exports_show_corrected_topics_and_do_not_name_hidden_ones(home: Path, tmp_path: Path):
    analysis = library.create("Exported")
    plain = library.publish(analysis, sample_bundle.parts(120))
    fix.rename(analysis, plain, 0, "Noise of mills")
    fix.hide(analysis, plain, 1)
    bundle = layers.shown(plain, journal.replay(catalog.home() / analysis), lambda _id: None)
    write_report(bundle, tmp_path / "report.html")
    write_table(bundle, tmp_path / "table.csv", "csv")
    for name in ("report.html", "table.csv"):
        written = (tmp_path / name).read_text("utf-8")
        assert "Noise of mills" in written
        assert sample_bundle.TOPICS[0] not in written
        assert sample_bundle.TOPICS[1] not in written
