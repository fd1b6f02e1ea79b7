from __future__ import annotations

import pytest

from benchmarks import report_size as benchmark


def test_a_report_is_as_small_as_promised():
    small, large = benchmark.measured(400), benchmark.measured(3_400)
    assert small["kept"]
    assert large["kept"]
    # What a point costs, whatever the fixed part is.
    assert large["without_texts"] - small["without_texts"] <= benchmark.POINT_BYTES * 3_000
    assert small["without_texts"] < benchmark.FIXED_BYTES
    assert large["texts_in_file"] < large["texts_utf8"]


def test_nonsense_is_refused():
    with pytest.raises(SystemExit):
        benchmark.main(["--sizes", "0"])
