"""Uploads: one file a content, removed when nothing needs them."""

import time

from pipelines import jobs, uploads

LATER_S = 30 * uploads.DAY_S


def test_the_same_content_is_one_file(home):
    first = uploads.keep(b"review\ngood\n")
    assert first == uploads.keep(b"review\ngood\n")
    assert first != uploads.keep(b"review\nbad\n")
    assert first.parent == home / "uploads"


def test_sweep_removes_only_what_is_old_and_unneeded(home):
    needed, unneeded = uploads.keep(b"a\n1\n"), uploads.keep(b"a\n2\n")
    assert uploads.sweep() == []
    vectors = uploads.keep(b"\x93NUMPY")
    spec = {"uploads": [{"path": str(needed), "name": "a.csv"}], "name": "a"}
    jobs.submit({**spec, "vectors": {"path": str(vectors), "name": "a.npy"}}, start=False)
    jobs.submit({**spec, "vectors": None}, start=False)
    assert uploads.sweep(now_s=time.time() + LATER_S) == [unneeded]
    assert needed.exists()
    assert vectors.exists()
    assert not unneeded.exists()
