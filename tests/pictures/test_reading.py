"""From a file and its zip to a bundle with pictures, and back from a text to them; real model, real command line."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from pipelines import ingest, pictures
from pipelines.add import Refit
from pipelines.embed import clip
from pipelines.errors import DamagedBundle, UnusableInput
from pipelines.ingest import IngestOptions, Source
from pipelines.pictures import Pictures, Wanted
from pipelines.pictures.fetched import Fetcher
from pipelines.store.bundle import write_bundle
from pipelines.store.reader import open_bundle
from pipelines.types import Reviews
from tests import sample_bundle
from tests.conftest import run_cli
from tests.pictures import tiny_clip
from tests.pictures.conftest import PictureServer, WithPictures, send
from tests.pictures.tiny_clip import COLOURS


@pytest.fixture(scope="module")
def reviews(with_pictures: WithPictures) -> Reviews:
    return ingest.read(with_pictures.file, IngestOptions())


@pytest.fixture(scope="module")
def wanted(with_pictures: WithPictures, clip_folder: Path) -> Wanted:
    return Wanted("photos", f"clip:{clip_folder}", Source(with_pictures.zip, "photos.zip"))


def changed(reviews: Reviews, cells: dict[int, str]) -> Reviews:
    """The reviews with other cells of pictures; all other rows name none."""
    frame = reviews.table.frame.copy()
    frame["photos"] = [cells.get(i, "") for i in range(len(frame))]
    return replace(reviews, table=replace(reviews.table, frame=frame))


def test_each_review_has_its_pictures(with_pictures: WithPictures, wanted: Wanted, reviews: Reviews) -> None:
    seen, notes = pictures.read(wanted, reviews)
    assert not notes
    assert len(seen) == sum(map(len, with_pictures.colours))
    words = np.stack([clip.restore(seen.identity).embed_text(colour) for colour in COLOURS])
    named = np.array(list(COLOURS))[(seen.vectors @ words.T).argmax(axis=1)]
    for row, colours in enumerate(with_pictures.colours):
        assert named[list(seen.of_row(row))].tolist() == colours
    for number in range(len(seen)):
        with Image.open(io.BytesIO(seen.thumbnail(number))) as thumbnail:
            assert thumbnail.size == (90, 60)
    assert Pictures.from_state(seen.as_state()).thumbnail(3) == seen.thumbnail(3)


def test_what_is_left_out_is_told(wanted: Wanted, reviews: Reviews, monkeypatch: pytest.MonkeyPatch) -> None:
    cells = {
        0: "0-0.jpg;missing.jpg",
        1: "http://127.0.0.1/a.jpg",
        2: "https://shop.example/x/2-0.jpg?w=9",
        3: "3-0.jpg",
    }
    monkeypatch.setenv("REVIEWSCAPE_MAX_PICTURES", "4")
    seen, notes = pictures.read(wanted, changed(reviews, cells))
    # An address whose last part is a file of the zip is that file; no address is asked.
    assert seen.row_id.tolist() == [0, 2]
    assert [str(note) for note in notes] == [
        "1 pictures: no file of that name in photos.zip.",
        "1 pictures are addresses on the web; they are fetched only where you allow it.",
        "1 pictures are beyond the 4 that are read of one file.",
    ]


def test_from_the_web_where_it_is_allowed(wanted: Wanted, reviews: Reviews, server: PictureServer) -> None:
    server.answers["/red.jpg"] = send(tiny_clip.as_bytes(tiny_clip.picture("red")))
    server.answers["/blue.png"] = send(tiny_clip.as_bytes(tiny_clip.picture("blue"), "PNG"), "image/png")
    server.answers["/svg.jpg"] = send(b"<svg/>", "image/svg+xml")
    cells = {0: f"{server.url}/red.jpg", 1: f"{server.url}/none.jpg,{server.url}/svg.jpg", 4: f"{server.url}/blue.png"}
    asked = replace(wanted, zipped=None, from_web=True)
    open_here = Fetcher(1_000_000, 5.0, allowed=lambda address: True, ports=frozenset({server.port}))
    seen, notes = pictures.read(asked, changed(reviews, cells), fetcher=open_here)
    assert seen.row_id.tolist() == [0, 4]
    assert len(notes) == 2
    assert "127.0.0.1" not in "".join(map(str, notes))
    before = len(server.asked)
    with pytest.raises(UnusableInput, match="no public http or https address"):
        pictures.read(asked, changed(reviews, cells))
    assert len(server.asked) == before


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"column": "foto"}, "no column “foto”"),
        ({"zipped": None}, "Say where the pictures are"),
        ({"model": "clip:no-such-folder"}, "neither a folder nor a hub id"),
        ({"zipped": Source(b"", "photos.zip")}, "does not read as a zip"),
        ({"column": "stars"}, "No picture could be read"),
    ],
)
def test_what_cannot_be_is_told_at_once(wanted: Wanted, reviews: Reviews, change: dict, said: str) -> None:
    with pytest.raises(UnusableInput, match=said):
        pictures.read(replace(wanted, **change), reviews)


def test_arrays_that_do_not_fit_are_damage(wanted: Wanted, reviews: Reviews) -> None:
    state = pictures.read(wanted, reviews)[0].as_state()
    for name, bad in {
        "ends": state["ends"][:-1], "jpeg": state["jpeg"][:-1], "vectors": state["vectors"][1:],
        "row_id": state["row_id"][::-1], "identity": np.array("no json"),
    }.items():  # fmt: skip
        with pytest.raises(DamagedBundle):
            Pictures.from_state({**state, name: bad})


def test_from_the_command_line(with_pictures: WithPictures, clip_folder: Path, home: Path, tmp_path: Path) -> None:
    out = tmp_path / "bundle"
    asked = ("--pictures", with_pictures.zip, "--picture-column", "photos", "--picture-model", f"clip:{clip_folder}")
    done = run_cli("analyze", with_pictures.file, "--embedder", "bundled", "--out", out, *asked, home=home)
    assert done.returncode == 0, done.stderr
    assert "pictures" in json.loads(done.stdout.splitlines()[-1])["seconds"]
    bundle = open_bundle(out)
    assert bundle.summary["given"]["pictures"] == {
        "column": "photos", "model": f"clip:{clip_folder}", "zip": "photos.zip", "from_web": False, "n": 29,
    }  # fmt: skip
    found = run_cli("pictures", out, "red", "-k", "4", "--json", "--save", tmp_path / "found", home=home)
    assert found.returncode == 0, found.stderr
    listed = json.loads(found.stdout)
    assert len(listed) == len(list((tmp_path / "found").glob("*.jpg"))) == 4
    assert all("red" in with_pictures.colours[one["row_id"]] for one in listed)
    assert listed[0]["text"].startswith("The ")
    assert [one["score"] for one in listed] == sorted((one["score"] for one in listed), reverse=True)
    assert run_cli("verify", out, home=home).returncode == 0
    # Added reviews leave what is known of the old ones as it is.
    added = run_cli("add", out, with_pictures.file, "--out", tmp_path / "more", home=home)
    assert added.returncode == 0, added.stderr
    assert len(pictures.of_bundle(open_bundle(tmp_path / "more")) or ()) == 29


def test_the_command_lines_errors(with_pictures: WithPictures, analysed_sample, home: Path, tmp_path: Path) -> None:
    lacks = run_cli("analyze", with_pictures.file, "--picture-column", "photos", "--out", tmp_path / "a", home=home)
    assert lacks.returncode == 2
    assert "--picture-model" in lacks.stderr
    without = run_cli("pictures", analysed_sample.bundle, "red", home=home)
    assert without.returncode == 2
    assert "has no pictures" in without.stderr


def test_a_map_made_anew_keeps_the_pictures(wanted: Wanted, reviews: Reviews, tmp_path: Path) -> None:
    seen = pictures.read(wanted, reviews)[0]
    parts = sample_bundle.parts(60)
    told = {"vectors": None, "places": None, "labels": None, "pictures": {**wanted.as_dict(), "n": len(seen)}}
    before = open_bundle(
        write_bundle(
            tmp_path / "before",
            replace(
                parts, state={**parts.state, "pictures": seen.as_state()}, summary={**parts.summary, "given": told}
            ),
        )
    )
    without = {name: value for name, value in told.items() if name != "pictures"}
    anew = replace(parts, summary={**parts.summary, "given": without})
    after = open_bundle(write_bundle(tmp_path / "after", Refit(before).finish(anew)))
    kept = pictures.of_bundle(after)
    assert kept is not None
    assert kept.thumbnail(2) == seen.thumbnail(2)
    assert after.summary["given"] == told
