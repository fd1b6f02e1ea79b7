from pathlib import Path
from types import SimpleNamespace

import pytest

from pipelines.errors import UnusableInput
from pipelines.export import html


def test_a_report_of_too_many_reviews_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    many = SimpleNamespace(points=range(html.MOST_UNITS + 1))
    with pytest.raises(UnusableInput, match=r"200001 reviews are too many.*200000.*CSV or Parquet"):
        html.write_report(many, tmp_path / "report.html")
    assert not (tmp_path / "report.html").exists()
