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


def test_views_are_listed_while_others_save(home, make_parts):
    analysis = library.create("crowded")
    library.publish(analysis, make_parts(20))
    done = threading.Event()

    def read(_number: int) -> int:
        most = 0
        while not done.is_set():
            most = max(most, len(library.list_views(analysis)), library.info(analysis).views)
        return most

    with ThreadPoolExecutor(READERS) as pool:
        looked = [pool.submit(read, number) for number in range(READERS)]
        try:
            for number in range(60):
                library.save_view(analysis, f"view {number}", View(analysis=analysis))
        finally:
            done.set()
        assert all(one.result() <= 60 for one in looked)
    assert len(library.list_views(analysis)) == 60
    # Nothing was taken for damage.
    assert not (home / "catalog.db.damaged").exists()


def test_a_catalog_that_is_gone_is_whole_for_everyone_who_asks_at_once(home, make_parts):
    ids = []
    for number in range(8):
        ids.append(library.create(f"analysis {number}"))
        library.publish(ids[-1], make_parts(20))
    for _round in range(10):
        (home / "catalog.db").unlink()
        together = threading.Barrier(READERS)

        def ask(number: int, together: threading.Barrier = together) -> str:
            together.wait()
            return library.info(ids[number]).name

        with ThreadPoolExecutor(READERS) as pool:
            assert list(pool.map(ask, range(8))) == [f"analysis {number}" for number in range(8)]
