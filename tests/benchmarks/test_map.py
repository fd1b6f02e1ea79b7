from __future__ import annotations

import pytest

from benchmarks import map as benchmark


def test_medians_go_figure_by_figure_and_leave_out_what_a_run_lacks():
    runs = [
        {"n": 5, "side": "ours", "load": {"down": down, "seconds": seconds}}
        for down, seconds in ((1, None), (3, 0.5), (2, 0.7))
    ]
    assert benchmark.median_of(runs[1:] + runs[:1]) == {
        "n": 5,
        "side": "ours",
        "load": {"down": 2, "seconds": 0.6},
    }


def test_bytes_are_counted_both_ways_and_begin_anew():
    wire = benchmark.Wire()
    wire._count(b"12345", is_down=True)
    wire._count("12", is_down=False)
    assert wire.take() == {"down": 5, "up": 2}
    assert wire.take() == {"down": 0, "up": 0}


@pytest.mark.parametrize("arguments", [["--sizes", "0"], ["--runs", "0"], ["--sides", "theirs"]])
def test_nonsense_is_refused(arguments):
    with pytest.raises(SystemExit):
        benchmark.main(arguments)
