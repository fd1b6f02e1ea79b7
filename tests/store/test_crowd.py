"""Many threads at one analysis, as the sessions of a server: everything is kept, and nothing is indexed twice."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from pipelines.store import catalog, library
from pipelines.view import View

WRITERS, READERS = 16, 8


def test_many_threads_save_views_at_once(home, make_parts, monkeypatch):
    analysis = library.create("crowded")
    library.publish(analysis, make_parts(20))
    indexed = []
    index = catalog._index

    def counting(connection, analysis_id):
        indexed.append(analysis_id)
        index(connection, analysis_id)

    monkeypatch.setattr(catalog, "_index", counting)
    together = threading.Barrier(WRITERS + READERS)

    def write(number: int) -> str:
        together.wait()
        return library.save_view(analysis, f"view {number}", View(analysis=analysis))

    def read(_number: int) -> int:
        together.wait()
        return sum(len(library.list_analyses()) for _run in range(10))

    with ThreadPoolExecutor(WRITERS + READERS) as pool:
        saved = [pool.submit(write, number) for number in range(WRITERS)]
        looked = [pool.submit(read, number) for number in range(READERS)]
        ids = {one.result() for one in saved}
        assert {one.result() for one in looked} == {10}
    assert {view.id for view in library.list_views(analysis)} == ids
    assert len(ids) == WRITERS
    # Every indexing has a journal to read that grew since the last one.
    assert len(indexed) <= WRITERS + 1
