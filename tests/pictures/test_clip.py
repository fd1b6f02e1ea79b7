"""A real CLIP architecture: pictures and texts in one space, and what is not loaded."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from pipelines.embed import clip
from pipelines.embed.bundled import model_folder
from pipelines.embed.clip import ClipModel
from pipelines.errors import ReviewscapeError, UnusableInput
from tests.pictures import tiny_clip
from tests.pictures.tiny_clip import COLOURS


def test_pictures_and_texts_are_vectors_of_one_space(model: ClipModel) -> None:
    pictures = model.embed_pictures([tiny_clip.picture(colour, seed=7) for colour in COLOURS])
    texts = np.stack([model.embed_text(colour) for colour in COLOURS])
    assert pictures.shape == texts.shape == (6, model.dim)
    assert pictures.dtype == texts.dtype == np.float32
    assert np.linalg.norm(np.concatenate([pictures, texts]), axis=1) == pytest.approx(1, abs=1e-5)
    # What it was taught is found again: each colour's word is nearest to its picture.
    assert (texts @ pictures.T).argmax(axis=1).tolist() == list(range(6))


def test_the_same_picture_has_the_same_vector_in_any_company(model: ClipModel) -> None:
    one = tiny_clip.picture("red", seed=1)
    alone = model.embed_pictures([one])[0]
    among = model.embed_pictures([tiny_clip.picture("blue", seed=n) for n in range(20)] + [one])[-1]
    assert among == pytest.approx(alone, abs=1e-5)


@pytest.mark.parametrize("text", ["", "  ", "word " * 500, "红色", "\ud800"])
def test_any_text_has_a_vector(model: ClipModel, text: str) -> None:
    assert np.linalg.norm(model.embed_text(text)) == pytest.approx(1, abs=1e-5)


def test_no_picture_is_no_row(model: ClipModel) -> None:
    assert model.embed_pictures([]).shape == (0, model.dim)


def test_a_model_of_texts_alone_is_refused() -> None:
    with pytest.raises(UnusableInput, match="reads both pictures and texts"):
        ClipModel(f"clip:{model_folder()}").embed_text("red")


@pytest.mark.parametrize("name", ["", "clip:", "st:some/model", "bundled", "clip:no-such-folder"])
def test_a_name_that_names_none_is_refused(name: str) -> None:
    with pytest.raises(UnusableInput):
        ClipModel(name)


def test_pickled_weights_are_not_loaded(clip_folder: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(clip_folder, tmp_path / "pickled")
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    with pytest.raises(UnusableInput, match="safetensors"):
        ClipModel(f"clip:{folder}")


def test_a_damaged_model_is_told(clip_folder: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(clip_folder, tmp_path / "damaged")
    (folder / "config.json").write_text("{}")
    with pytest.raises(ReviewscapeError):
        ClipModel(f"clip:{folder}").embed_text("red")


def test_another_model_under_the_same_name_is_refused_later(clip_folder: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(clip_folder, tmp_path / "model")
    identity = ClipModel(f"clip:{folder}").identity()
    assert clip.restore(identity).identity() == identity
    weights = bytearray((folder / "model.safetensors").read_bytes())
    weights[-1] ^= 1
    (folder / "model.safetensors").write_bytes(weights)
    with pytest.raises(UnusableInput, match="not the one"):
        clip.restore(identity)


@pytest.mark.parametrize("revision", ["", "0123abcd", "../../refs"])
def test_a_bundle_fetches_no_model_whatever_it_names(monkeypatch, revision: str) -> None:
    def never(*_what: object) -> Path:
        raise AssertionError

    monkeypatch.setattr("pipelines.embed.hub._download", never)
    with pytest.raises(UnusableInput, match="on this computer"):
        clip.restore({"name": "clip:someone/else", "revision": revision, "weights": "x"})
