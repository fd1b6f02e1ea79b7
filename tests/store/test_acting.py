"""Whose an analysis is: library, journal, jobs, links and samples ask who acts, and nothing of others is found."""

from __future__ import annotations

import time

import pytest

from pipelines import checked, corrections, granularity, jobs, runner, samples, share, tracked, uploads
from pipelines.add.undo import withdraw
from pipelines.errors import UnusableInput
from pipelines.store import acting, catalog, journal, library
from pipelines.view import View
from tests import sample_bundle

ALICE, BOB = (acting.person_id("https://sign.example", name) for name in ("alice", "bob"))
REFUSED = "There is no analysis|Only the person whose analysis this is"
pytestmark = pytest.mark.usefixtures("home")


@pytest.fixture
def theirs() -> dict[str, str]:
    """An analysis each for Alice, Bob and the person at the machine: owner → analysis id."""
    made = {}
    for owner in (ALICE, BOB, acting.MACHINE):
        with acting.acting_as(owner):
            made[owner] = library.create(f"{owner or 'machine'}.csv")
        library.publish(made[owner], sample_bundle.parts(40))
    return made


def entries(analysis_id: str) -> list[journal.Entry]:
    return journal.replay(catalog.home() / analysis_id)


def seen() -> set[str]:
    return {info.id for info in library.list_analyses()}


def test_an_id_is_a_hash_that_differs_with_issuer_and_subject():
    ids = {acting.person_id(*one) for one in (("a", "b"), ("ab", ""), ("", "ab"), ("a", "b "), ('a","', "b"))}
    assert len(ids) == 5
    assert all(len(one) == acting.ID_CHARS and "example" not in one for one in (ALICE, BOB))
    assert not ids & {acting.ALL, acting.MACHINE, acting.NOBODY}


def test_each_finds_their_own_and_the_machine_at_work_finds_all(theirs):
    assert seen() == set(theirs.values())
    for owner, analysis in theirs.items():
        with acting.acting_as(owner):
            assert seen() == {analysis}
            assert library.info(analysis).owner == owner
            library.delete(analysis)
            assert [info.id for info in library.deleted()] == [analysis]
            library.undelete(analysis)
    with acting.acting_as(acting.NOBODY):
        assert seen() == set()
        assert library.deleted() == []
    # Bundles and journals alone tell it again.
    library.rebuild()
    with acting.acting_as(BOB):
        assert seen() == {theirs[BOB]}


@pytest.mark.parametrize("line", [b"{}", b"", b"\xff\x00"])
def test_a_damaged_first_line_gives_the_analysis_to_nobody_else(theirs, line):
    alices = theirs[ALICE]
    path = catalog.home() / alices / journal.JOURNAL
    _first, _end, rest = path.read_bytes().partition(b"\n")
    path.write_bytes(line + b"\n" + rest)
    library.rebuild()
    for reader in (BOB, acting.MACHINE):
        with acting.acting_as(reader):
            assert alices not in seen()
            with pytest.raises(UnusableInput, match=REFUSED):
                library.rename(alices, "mine now")
    with acting.acting_as(ALICE):
        assert seen() == {alices}
        library.rename(alices, "found again")
        library.publish(alices, sample_bundle.parts(20))
        assert library.info(alices).name == "found again"
    machines = catalog.home() / theirs[acting.MACHINE] / journal.JOURNAL
    machines.write_bytes(line + b"\n" + machines.read_bytes().partition(b"\n")[2])
    library.rebuild()
    with acting.acting_as(acting.MACHINE):
        assert seen() == {theirs[acting.MACHINE]}


def test_anothers_analysis_is_as_unknown_as_one_that_is_not_there(theirs):
    for reader in (BOB, acting.MACHINE, acting.NOBODY):
        with acting.acting_as(reader):
            for ask in (library.info, library.bundles, library.latest_bundle, library.list_views, share.list_links):
                with pytest.raises(UnusableInput) as one:
                    ask(theirs[ALICE])
                with pytest.raises(UnusableInput) as other:
                    ask("0" * 16)
                assert str(one.value).replace(theirs[ALICE], "0" * 16) == str(other.value)


def test_nobody_else_can_change_it(theirs):
    alices = theirs[ALICE]
    bundle = library.publish(alices, sample_bundle.parts(40))
    token = share.create_link(alices, View(analysis=alices))
    [link] = share.list_links(alices)
    topic = bundle.summary["topics"][0]["id"]
    changes = (
        lambda: library.rename(alices, "mine now"),
        lambda: library.delete(alices),
        lambda: library.undelete(alices),
        lambda: library.save_view(alices, "look", View(analysis=alices)),
        lambda: library.delete_view(alices, "0" * 16),
        lambda: library.set_visible(alices, True),
        lambda: library.publish(alices, sample_bundle.parts(20)),
        lambda: share.create_link(alices, View(analysis=alices)),
        lambda: share.revoke(alices, link.id),
        lambda: corrections.rename(alices, bundle, topic, "mine now"),
        lambda: corrections.hide(alices, bundle, topic),
        lambda: checked.dismiss(alices, bundle, [0]),
        lambda: granularity.undo(alices),
        lambda: tracked.remove(alices, ["0" * 16]),
        lambda: withdraw(alices, bundle.path.name),
        lambda: jobs.submit({"kind": "refit", "analysis_id": alices, "bundle": bundle.path.name}, start=False),
        lambda: journal.append(catalog.home() / alices, "anything", {}),
    )
    before = entries(alices), sorted((catalog.home() / alices / "bundles").iterdir())
    for reader in (BOB, acting.MACHINE, acting.NOBODY):
        with acting.acting_as(reader):
            for change in changes:
                with pytest.raises(UnusableInput, match=f"{REFUSED}|signed in"):
                    change()
    assert (entries(alices), sorted((catalog.home() / alices / "bundles").iterdir())) == before
    assert share.open_link(token) is not None


def test_a_visitor_can_begin_nothing():
    with acting.acting_as(acting.NOBODY):
        with pytest.raises(UnusableInput, match="signed in"):
            library.create("x.csv")
        with pytest.raises(UnusableInput, match="signed in"):
            jobs.submit({"name": "x.csv"}, start=False)
    assert jobs.list_recent() == []


def test_a_share_link_opens_for_everybody_and_is_counted(theirs):
    with acting.acting_as(ALICE):
        token = share.create_link(theirs[ALICE], View(analysis=theirs[ALICE]))
    with acting.acting_as(acting.NOBODY):
        shared = share.open_link(token)
    assert shared is not None
    assert shared.analysis_id == theirs[ALICE]
    with acting.acting_as(ALICE):
        assert [link.opened for link in share.list_links(theirs[ALICE])] == [1]


def test_what_is_shown_to_colleagues_is_read_by_those_who_sign_in_alone(theirs, make_parts):
    alices = theirs[ALICE]
    with acting.acting_as(BOB):
        assert library.from_colleagues() == []
        assert share.open_colleagues(alices) is None
    with acting.acting_as(ALICE):
        library.set_visible(alices, True, by=" Alice\n\u202e A ", redact=False, allow_text=False)
        assert library.from_colleagues() == []
    with acting.acting_as(BOB):
        assert [info.id for info in library.from_colleagues()] == [alices]
        shared = share.open_colleagues(alices)
        assert shared is not None
        assert (shared.redact, shared.allow_text, shared.download, shared.seq) == (False, False, False, None)
        assert shared.bundle == library.bundle_path(alices, shared.bundle.name)
        assert library.from_colleagues()[0].visible.by == "Alice A"
        assert seen() == {theirs[BOB]}
        with pytest.raises(UnusableInput, match=REFUSED):
            library.rename(alices, "mine now")
    with acting.acting_as(acting.NOBODY):
        assert library.from_colleagues() == []
        assert share.open_colleagues(alices) is None

    def opens() -> bool:
        with acting.acting_as(BOB):
            return share.open_colleagues(alices) is not None

    library.rebuild()
    assert opens()
    library.delete(alices)
    assert not opens()
    library.undelete(alices)
    assert opens()
    library.set_visible(alices, False)
    assert not opens()
    draft = library.create("draft.csv", owner=ALICE)
    library.publish(draft, make_parts(20, draft=True))
    library.set_visible(draft, True)
    with acting.acting_as(BOB):
        assert library.from_colleagues() == []


def test_what_is_not_said_of_masking_and_texts_is_not_allowed(theirs):
    journal.append(catalog.home() / theirs[ALICE], "visibility", {"on": True})
    visible = library.info(theirs[ALICE]).visible
    assert (visible.redact, visible.allow_text, visible.by) == (True, False, "")


def test_equal_jobs_of_two_people_are_two_and_each_finds_their_own():
    spec = {"name": "same.csv", "uploads": [], "owner": acting.ALL}
    made = {}
    for owner in (ALICE, BOB, acting.MACHINE):
        with acting.acting_as(owner):
            made[owner] = jobs.submit(spec, start=False)
            assert jobs.submit(spec, start=False) == made[owner]
    assert len(set(made.values())) == 3
    with acting.acting_as(BOB):
        assert [job.id for job in jobs.list_active()] == [job.id for job in jobs.list_recent()] == [made[BOB]]
        assert jobs.get(made[BOB]).spec["owner"] == BOB
        assert jobs.get(made[ALICE]) is None
        jobs.cancel(made[ALICE])
        with pytest.raises(UnusableInput, match="There is no job"):
            jobs.resume(made[ALICE], start=False)
    with acting.acting_as(acting.MACHINE):
        assert [job.id for job in jobs.list_active()] == [made[acting.MACHINE]]
        assert "owner" not in jobs.get(made[acting.MACHINE]).spec
    with acting.acting_as(acting.NOBODY):
        assert jobs.list_recent() == []
    with acting.acting_as(ALICE):
        assert jobs.get(made[ALICE]).state == jobs.QUEUED
        jobs.cancel(made[ALICE])
        assert jobs.get(made[ALICE]).state == jobs.CANCELLED
    assert len(jobs.list_recent()) == 3


def test_a_worker_makes_the_analysis_of_whose_the_job_is():
    for owner in (ALICE, acting.MACHINE):
        with acting.acting_as(owner):
            job = jobs.get(jobs.submit({"name": "reviews.csv", "n": owner}, start=False))
        place = runner._Place({**job.spec, "job_id": job.id})
        place.publish("reviews.csv", sample_bundle.parts(20))
        assert library.info(job.id).owner == owner


def test_sweeping_keeps_what_another_persons_job_still_needs():
    kept = uploads.keep(b"of alice")
    with acting.acting_as(ALICE):
        jobs.submit({"name": "a", "uploads": [{"path": str(kept), "name": "a.csv"}]}, start=False)
    lost = uploads.keep(b"of nobody")
    with acting.acting_as(BOB):
        assert uploads.sweep(now_s=time.time() + 30 * uploads.DAY_S) == [lost]
    assert kept.exists()


def test_each_person_has_samples_of_their_own():
    sample_bundle.stand_in(20)
    assert samples.missing() == []
    with acting.acting_as(BOB):
        assert len(samples.missing()) == len(samples.SAMPLES)
        bobs = library.create("Sample", sample="coffee")
    library.publish(bobs, sample_bundle.parts(20))
    with acting.acting_as(BOB):
        assert samples.analysis_id("coffee") == bobs
    assert samples.analysis_id("coffee") not in (None, bobs)
    with acting.acting_as(ALICE):
        assert samples.analysis_id("coffee") is None
