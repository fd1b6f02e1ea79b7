"""Documents with an analysis: kept whole, removed and brought back, checked, swept, and only their owner's."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest

from pipelines import documents
from pipelines.documents import keep
from pipelines.errors import DamagedBundle, UnusableInput
from pipelines.store import acting, catalog, durable, journal, library

POLICY = "# 休假\n## 年休假\n工作满一年的员工每年可休五天。\n".encode()


@pytest.fixture
def analysis(home, make_parts) -> str:
    made = library.create("with documents")
    library.publish(made, make_parts())
    return made


def test_added_listed_removed_and_restored(analysis) -> None:
    one = documents.add(analysis, POLICY, "../etc/政策.md")
    assert (one.name, one.kind, one.passages, one.bytes) == ("政策.md", "markdown", 1, len(POLICY))
    assert documents.add(analysis, POLICY, "same.md") == one
    assert [p.text for p in keep.passages(analysis, one.id)] == ["工作满一年的员工每年可休五天。"]
    documents.remove(analysis, one.id)
    assert documents.listed(analysis) == [] and documents.listed(analysis, with_removed=True)[0].removed
    documents.restore(analysis, one.id)
    assert documents.listed(analysis) == [one]
    documents.remove(analysis, one.id)
    assert documents.add(analysis, POLICY, "again.md").id == one.id
    for wrong in ("", "../..", "f" * 16):
        with pytest.raises(UnusableInput):
            documents.remove(analysis, wrong)


def test_a_damaged_file_is_found_and_left_out_of_answers(analysis) -> None:
    from pipelines.store.reader import open_bundle

    one = documents.add(analysis, POLICY, "policy.md")
    folder = catalog.home() / analysis
    assert documents.find_problems(folder) == []
    passages = folder / "documents" / one.id / "passages.json"
    passages.write_bytes(passages.read_bytes().replace("五".encode(), "九".encode()))
    assert documents.find_problems(folder) == [f"document {one.id}: passages.json is altered"]
    with pytest.raises(DamagedBundle):
        keep.passages(analysis, one.id)
    shelf = documents.shelf_of(analysis, open_bundle(library.latest_bundle(analysis)))
    assert shelf.passages == () and shelf.damaged == ("policy.md",)
    (folder / "documents" / one.id / "manifest.json").unlink()
    assert documents.find_problems(folder) == [f"document {one.id}: manifest.json is missing"]
    # As the error says.
    documents.remove(analysis, one.id)
    assert documents.add(analysis, POLICY, "policy.md").id == one.id
    assert documents.find_problems(folder) == [] and len(keep.passages(analysis, one.id)) == 1


def test_a_file_that_cannot_be_read_leaves_nothing(analysis) -> None:
    with pytest.raises(UnusableInput):
        documents.add(analysis, b"no pdf", "a.pdf")
    with pytest.raises(UnusableInput, match="larger"):
        documents.add(analysis, bytes(51 << 20), "a.txt")
    folder = catalog.home() / analysis
    assert documents.listed(analysis) == [] and not any((folder / "documents").glob("*"))
    assert all(entry.kind not in (keep.ADDED,) for entry in journal.replay(folder))


def test_what_a_crash_left_and_what_was_removed_long_ago_is_swept(analysis) -> None:
    one = documents.add(analysis, POLICY, "policy.md")
    other = documents.add(analysis, b"Parcels arrive in three days.", "shipping.txt")
    folder = catalog.home() / analysis / "documents"
    lost = folder / ("a" * 16)
    lost.mkdir()
    os.utime(lost, (0, 0))
    documents.remove(analysis, one.id)
    assert documents.sweep() == [lost.name]
    assert documents.sweep(now=durable.now_utc() + timedelta(days=8)) == [one.id]
    assert [path.name for path in folder.iterdir()] == [other.id]
    with pytest.raises(UnusableInput):
        documents.restore(analysis, one.id)
    assert documents.add(analysis, POLICY, "policy.md").id == one.id


def test_another_person_sees_and_changes_none(analysis) -> None:
    with acting.acting_as("b" * 32):
        for act in (lambda: documents.listed(analysis), lambda: documents.add(analysis, POLICY, "x.md")):
            with pytest.raises(UnusableInput):
                act()


def test_a_bundle_of_the_library_knows_its_documents_and_another_does_not(analysis, tmp_path, make_parts) -> None:
    from pipelines.store.bundle import write_bundle
    from pipelines.store.reader import open_bundle

    inside = open_bundle(library.latest_bundle(analysis))
    assert documents.kept_beside(inside) is None
    documents.add(analysis, POLICY, "policy.md")
    shelf = documents.kept_beside(inside)
    assert shelf is not None and len(shelf.passages) == 1 and shelf.vectors is None
    assert documents.kept_beside(open_bundle(write_bundle(tmp_path / "alone", make_parts()))) is None
