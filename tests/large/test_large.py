import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_mutual_info_score

from pipelines import large, runner
from pipelines.analysis import Request, analyze
from pipelines.checkpoints import Checkpoints
from pipelines.config import AnalyzeConfig
from pipelines.errors import Cancelled, UnusableInput
from pipelines.figures import heads
from pipelines.ingest import Source
from pipelines.large import here, placing
from pipelines.progress import silent
from pipelines.running import Run
from pipelines.store.bundle import BundleParts, write_bundle
from pipelines.store.reader import open_bundle
from pipelines.store.verify import verify
from pipelines.types import Vectors
from tests.conftest import ROOT
from tests.large.conftest import FEW, ROWS, analysed
from tests.made_reviews import ENGLISH, TAILS

MORE = ("wife", "neighbour", "colleague", "brother", "boss", "dentist", "uncle", "tailor")

pytestmark = [
    pytest.mark.usefixtures("small_parts"),
    # umap-learn says so on its first import.
    pytest.mark.filterwarnings("ignore:Tensorflow not installed:ImportWarning"),
]


@pytest.fixture(scope="module")
def caches(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("caches")


@pytest.fixture(scope="module")
def parts(file: Path, caches: Path) -> BundleParts:
    return analysed(file, caches)


@pytest.fixture(scope="module")
def whole(file: Path, caches: Path) -> BundleParts:
    return analysed(file, caches, extra={})


def test_every_review_has_its_own_row_text_and_place(parts: BundleParts, file: Path) -> None:
    points, written = parts.points, pd.read_csv(file, dtype=str)["review"]
    assert len(parts.rows) == ROWS
    assert points["unit_id"].tolist() == list(range(len(points)))
    assert points["row_id"].tolist() == np.flatnonzero(parts.rows["kept"]).tolist()
    assert points["text"].tolist() == written[points["row_id"]].tolist()
    assert np.isfinite(points[["x2", "y2", "x3", "y3", "z3", "sentiment", "outlier_score"]].to_numpy()).all()
    assert len(parts.vectors) == len(points)
    assert np.allclose(np.linalg.norm(parts.vectors, axis=1), 1, atol=1e-5)


def test_it_says_of_how_many_reviews_the_map_was_made(parts: BundleParts) -> None:
    told = parts.summary["landmarks"]
    assert told["n"] <= int(FEW["landmarks.most"]) < told["placed"]
    assert told["n"] + told["placed"] == told["of"] == parts.summary["distinct"]
    said = [one for one in parts.summary["warnings"] if "placed by their neighbours" in one["template"]]
    assert [one["values"] for one in said] == [{"n": told["n"], "distinct": told["of"]}]


def test_equal_texts_share_all_and_a_group_is_named_by_its_first(parts: BundleParts) -> None:
    points = parts.points
    head = heads(points)
    assert (head <= points["unit_id"]).all()
    assert (head == head[head]).all()
    same = points.groupby("text")["unit_id"].transform("min")
    assert (head <= same).all()
    for column in ("x2", "y3", "cluster", "outlier_score", "map_trust"):
        assert points[column].equals(points[column].iloc[head].set_axis(points.index))


def test_oddness_and_sentiment_are_much_those_of_the_map_of_all(parts: BundleParts, whole: BundleParts) -> None:
    one, other = parts.points, whole.points
    assert "landmarks" not in whole.summary
    assert np.corrcoef(one["outlier_score"].rank(), other["outlier_score"].rank())[0, 1] > 0.6
    assert np.corrcoef(one["sentiment"], other["sentiment"])[0, 1] > 0.85
    # Neighbours on the map are as much true ones, among the landmarks, as they are on the map of all.
    trusted = [bundle.summary["map_trust"]["flat"]["mean"] for bundle in (parts, whole)]
    assert trusted[0] > trusted[1] - 0.1


def test_topics_are_those_of_the_map_of_all(tmp_path: Path, caches: Path) -> None:
    draw, themes, texts = random.Random(3), list(ENGLISH.values()), []
    for row in range(600):
        theme = themes[row % len(themes)]
        texts.append(f"{draw.choice(theme)} {draw.choice(theme)}{draw.choice(TAILS)} My {draw.choice(MORE)} agreed.")
    file = tmp_path / "themes.csv"
    pd.DataFrame({"review": texts}).to_csv(file, index=False)
    found = {}
    for name, extra in (("few", {"landmarks.above": "100", "landmarks.most": "120"}), ("all", {})):
        points = analysed(file, caches, extra=extra).points
        assert len(points) == len(texts)
        found[name] = adjusted_mutual_info_score(points["row_id"] % len(themes), points["cluster"])
    assert found["few"] > found["all"] - 0.1, found
    assert found["few"] > 0.4, found


def test_a_stopped_run_goes_on_where_it_was(
    parts: BundleParts, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for stage in ("embedding", "neighbors"):

        def stop(name: str, done: float, total: float, stage: str = stage, **_: object) -> None:
            if name == stage and 0.5 * total <= done < total:
                raise Cancelled

        with pytest.raises(Cancelled):
            analysed(file, tmp_path, progress=stop)
    (folder,) = (tmp_path / "large").iterdir()
    damaged = folder / "vectors-000001.parquet"
    content = bytearray(damaged.read_bytes())
    content[len(content) // 2] ^= 1
    damaged.write_bytes(content)
    asked: list[tuple[str, list[int]]] = []
    real = here.run

    def counted(work: object, missing: list[int], *rest: object) -> None:
        asked.append((work.stage, missing))
        real(work, missing, *rest)

    monkeypatch.setattr(here, "run", counted)
    again = analysed(file, tmp_path)
    # Of the texts the damaged part alone; and in other caches, stopped twice, the same bits.
    assert asked[0] == ("embedding", [1])
    assert again.points.equals(parts.points)
    assert np.array_equal(again.vectors, parts.vectors)


def test_a_bundle_of_it_is_sound_and_its_parts_are_cleared(parts: BundleParts, caches: Path, tmp_path: Path) -> None:
    copy = tmp_path / "bundle"
    write_bundle(copy, parts)
    assert verify(copy) == []
    bundle = open_bundle(copy)
    state = bundle.state("graph")
    head = np.unique(heads(bundle.points))
    assert np.array_equal(state["representatives"], head)
    assert state["indices"].max() < len(head)
    assert len(bundle.state("trees")["linkage"]) == 0


def test_clearing_removes_the_parts_of_these_vectors_alone(tmp_path: Path) -> None:
    mine, other = tmp_path / "large" / "a", tmp_path / "large" / "b"
    for folder in (mine, other):
        folder.mkdir(parents=True)
        np.save(folder / "vectors.npy", np.zeros((3, 2), np.float32))
    large.clear(np.load(mine / "vectors.npy", mmap_mode="r"))
    large.clear(np.zeros((3, 2), np.float32))
    assert not mine.exists()
    assert other.exists()


def test_a_setting_that_makes_no_map_is_refused_at_once(file: Path, tmp_path: Path) -> None:
    with pytest.raises(UnusableInput, match="most=3"):
        analysed(file, tmp_path, extra={"landmarks.most": "3"})


def test_a_label_that_no_landmark_has_is_a_topic_too(file: Path, tmp_path: Path, caches: Path) -> None:
    table = pd.read_csv(file, dtype=str)
    table["kind"] = ["common" if row % 3 else "other" for row in range(len(table))]
    table.loc[len(table) - 1, "kind"] = "rare"
    table.to_csv(tmp_path / "labelled.csv", index=False)
    config = AnalyzeConfig(draft=True, extra=FEW, label_column="kind")
    parts = analyze(Request(tmp_path / "labelled.csv", "labelled.csv", config=config), cache_dir=caches)
    assert {"common", "other", "rare"} == set(parts.points["topic"])
    assert (parts.points["topic"] == "rare").sum() == 1


def test_what_led_to_vectors_of_ones_own_is_cleared_too(file: Path, tmp_path: Path) -> None:
    given = np.random.default_rng(1).normal(size=(ROWS, 8)).astype(np.float32)
    np.save(tmp_path / "own.npy", given)
    config = AnalyzeConfig(draft=True, extra=FEW)
    parts = analyze(
        Request(file, file.name, config=config, vectors=Source(tmp_path / "own.npy", "own.npy")), cache_dir=tmp_path
    )
    assert "landmarks" in parts.summary
    assert list((tmp_path / large.choice.FOLDER).iterdir())
    large.clear(parts.vectors)
    assert not list((tmp_path / large.choice.FOLDER).iterdir())
    assert (tmp_path / "own.npy").exists()


def test_a_map_of_a_sample_is_not_made_anew_as_a_whole_one(
    parts: BundleParts, whole: BundleParts, tmp_path: Path
) -> None:
    of_some = open_bundle(write_bundle(tmp_path / "some", parts))
    of_all = open_bundle(write_bundle(tmp_path / "all", whole))
    assert (large.can_refit(of_some), large.can_refit(of_all)) == (False, True)
    with pytest.raises(UnusableInput, match="analyse the files again"):
        runner._refitted(of_some, {}, "", silent)


def test_a_file_beyond_the_limit_is_not_made_anew_as_a_whole(whole: BundleParts, tmp_path: Path) -> None:
    """Reviews that were added may have brought it there."""
    config = AnalyzeConfig(draft=True, extra={"landmarks.above": str(ROWS // 2), "landmarks.most": "250"}).as_dict()
    assert not large.can_refit(open_bundle(write_bundle(tmp_path / "grown", replace(whole, config=config))))


def test_a_sample_that_is_all_there_is_can_be_made_anew(whole: BundleParts, tmp_path: Path) -> None:
    summary = {**whole.summary, large.SUMMARY: {"n": 5, "of": 5, "placed": 0}}
    config = AnalyzeConfig(draft=True, extra={"landmarks.above": "0"}).as_dict()
    sampled = replace(whole, summary=summary, config=config)
    assert large.can_refit(open_bundle(write_bundle(tmp_path / "sampled", sampled)))


def test_parts_stay_while_another_run_uses_them(tmp_path: Path) -> None:
    """Two runs of equal vectors share a folder; the first to end must not take it from the other."""
    caches, matrix = tmp_path / "caches", np.eye(4, dtype=np.float32)
    code = (
        "import sys; from pathlib import Path; import numpy as np; from pipelines import large;"
        "from pipelines.types import Vectors;"
        "large.laid_down(Vectors(np.eye(4, dtype=np.float32), {}, 4), Path(sys.argv[1])); print('there', flush=True);"
        "input()"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", code, str(caches)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
    )
    assert other.stdout is not None
    assert other.stdout.readline() == b"there\n"
    vectors, folder = large.laid_down(Vectors(matrix, {}, 4), caches)
    large.clear(vectors.matrix)
    assert (folder / "vectors.npy").exists()
    other.communicate(b"\n")
    vectors, folder = large.laid_down(Vectors(matrix, {}, 4), caches)
    large.clear(vectors.matrix)
    assert not folder.exists()


def test_parts_of_other_texts_with_equal_vectors_are_not_taken(tmp_path: Path) -> None:
    """Vectors of one's own stay the same when another column turns out to be the text: other rows are then equal."""
    drawn = np.random.default_rng(2).normal(size=(60, 8)).astype(np.float32)
    vectors, folder = large.laid_down(Vectors(drawn / np.linalg.norm(drawn, axis=1, keepdims=True), {}, 8), tmp_path)
    run = Run(Request(b"", "x"), silent, Checkpoints(tmp_path / "stages", 10))
    for rest, landmark in ((np.arange(40, 60), np.arange(40)), (np.arange(20), np.arange(20, 60))):
        near = placing._nearest(run, vectors.matrix, rest, landmark, 5, folder)
        likeness = vectors.matrix[rest] @ vectors.matrix[landmark].T
        assert (near.indices[:, 0] == likeness.argmax(axis=1)).all()
