"""Uploads: one file a content, removed when nothing needs them."""

import time

from pipelines import jobs, uploads

LATER_S = 30 * uploads.DAY_S


def test_the_same_content_is_one_file(home):
    first = uploads.keep(b"review\ngood\n", "../../etc/passwd.CSV")
    assert first == uploads.keep(b"review\ngood\n", "other.csv")
    assert first.parent == home / "uploads"
    assert uploads.keep(b"review\nbad\n", "run.sh").suffix == ".csv"


def test_sweep_removes_only_what_is_old_and_unneeded(home):
    needed, unneeded = uploads.keep(b"a\n1\n", "a.csv"), uploads.keep(b"a\n2\n", "b.csv")
    assert uploads.sweep() == []
    jobs.submit({"upload": str(needed), "name": "a"}, start=False)
    assert uploads.sweep(now_s=time.time() + LATER_S) == [unneeded]
    assert needed.exists()
    assert not unneeded.exists()
