from __future__ import annotations

import json
import random

import pytest

from pipelines.errors import DamagedBundle
from pipelines.store import durable
from pipelines.store.bundle import sum_line, write_bundle
from pipelines.store.reader import open_bundle
from pipelines.store.verify import verify


@pytest.fixture
def bundle_path(tmp_path, make_parts):
    return write_bundle(tmp_path / "out", make_parts(12))


def use_everything(path):
    bundle = open_bundle(path)
    return [bundle.points, bundle.rows, bundle.vectors, bundle.summary, *map(bundle.state, bundle.state_names)]


def test_every_flipped_bit_is_named_and_never_used(bundle_path):
    rng = random.Random(7)
    for path in sorted(p for p in bundle_path.rglob("*") if p.is_file()):
        name = path.relative_to(bundle_path).as_posix()
        sound = path.read_bytes()
        bits = range(len(sound) * 8)
        # All bits of the sum, a sample of each other file with both its ends.
        chosen = bits if name == "manifest.sha256" else {0, bits[-1], *rng.sample(bits, min(40, len(bits)))}
        for bit in chosen:
            damaged = bytearray(sound)
            damaged[bit // 8] ^= 1 << bit % 8
            path.write_bytes(damaged)
            problems = verify(bundle_path)
            assert len(problems) == 1 and problems[0].startswith(f"{name} "), (name, bit, problems)
            if name != "manifest.sha256" or bit % 64 == 0:
                with pytest.raises(DamagedBundle, match=name.replace(".", r"\.")):
                    use_everything(bundle_path)
        path.write_bytes(sound)
    assert verify(bundle_path) == []


@pytest.mark.parametrize(
    "name",
    [
        "manifest.json",
        "manifest.sha256",
        "rows.parquet",
        "points.parquet",
        "vectors.npy",
        "summary.json",
        "state/graph.npz",
    ],
)
def test_missing_cut_and_grown_files_are_named(bundle_path, name):
    path = bundle_path / name
    sound = path.read_bytes()
    for content in (None, sound[:-1], sound + b"\0", b""):
        path.unlink()
        if content is not None:
            path.write_bytes(content)
        assert [problem.split()[0] for problem in verify(bundle_path)] == [name]
        with pytest.raises(DamagedBundle, match=name.replace(".", r"\.")):
            open_bundle(bundle_path)
        path.write_bytes(sound)


def test_a_file_that_does_not_belong_is_named_but_not_what_systems_leave(bundle_path):
    (bundle_path / ".DS_Store").write_text("x")
    (bundle_path / "Thumbs.db").write_text("x")
    assert verify(bundle_path) == []
    (bundle_path / "state" / "extra.npz").write_text("x")
    assert verify(bundle_path) == ["state/extra.npz does not belong to the bundle"]


def test_no_bundle_at_all(tmp_path):
    assert verify(tmp_path / "nothing") == [f"{tmp_path / 'nothing'} is not a folder"]
    assert verify(tmp_path) == ["manifest.json is missing"]
    with pytest.raises(DamagedBundle, match=r"manifest\.json is missing"):
        open_bundle(tmp_path)


@pytest.mark.parametrize(
    ("manifest", "message"),
    [(b"[]", "not a manifest"), (b"{", "not a manifest"), (b"{}", "not a manifest"), (None, "update Reviewscape")],
)
def test_manifests_of_other_kinds_with_a_right_sum(bundle_path, manifest, message):
    if manifest is None:
        fields = json.loads((bundle_path / "manifest.json").read_bytes())
        manifest = durable.json_bytes({**fields, "schema_version": 99})
    (bundle_path / "manifest.json").write_bytes(manifest)
    (bundle_path / "manifest.sha256").write_bytes(sum_line(manifest))
    assert message in verify(bundle_path)[0]
    with pytest.raises(DamagedBundle, match=message):
        open_bundle(bundle_path)


def test_the_message_is_a_template_that_can_be_translated(bundle_path):
    (bundle_path / "vectors.npy").unlink()
    with pytest.raises(DamagedBundle) as caught:
        open_bundle(bundle_path)
    assert caught.value.exit_code == 2
    assert "vectors.npy is missing" in str(caught.value)
    assert caught.value.translated(lambda text: text) == str(caught.value)
