"""Whatever leaves with personal data masked holds none of it: cells, headers, topics, keywords, notes, file names."""

from __future__ import annotations

import base64
import json
import re
import zlib
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import python_calamine

from pipelines.__main__ import main
from pipelines.export.html import report_html
from pipelines.redact import MARKS
from pipelines.store.bundle import write_bundle
from pipelines.store.reader import open_bundle
from pipelines.view import Filter, View
from tests import sample_bundle as made

SECRETS = {
    "anna.b@mail.example": "email",
    "13912345678": "phone",
    "+44 20 7946 0958": "phone",
    "11010519491231002X": "id",
    "4111 1111 1111 1111": "card",
    "DE89370400440532013000": "account",
    "@secret_cat": "handle",
}
SENTENCES = [f"the reviewer {secret}, who stayed twice" for secret in SECRETS]
SENTENCES += ["订单号：2023112377012，还没到", "my order no. 77 12 or order no. AB-99120034 is late"]
HIDDEN = (*SECRETS, "2023112377012", "AB-99120034", "139 1234", "5550199")
ALL = " · ".join(SENTENCES)


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    parts = made.parts(60)
    n = len(parts.rows)
    texts = pd.array([SENTENCES[i % len(SENTENCES)] for i in range(n)], dtype="str")
    rows = parts.rows.assign(评论=texts, **{f"asked by {secret}": texts for secret in SECRETS})
    rows["phone"] = pd.array(["5550199"] * n, dtype="str")
    names = np.array([*SENTENCES[:5], ""], dtype=object)
    points = parts.points.assign(
        text=texts, item=texts, user=texts, reply=texts, topic=pd.array(names[parts.points["cluster"]], dtype="str")
    )
    summary = {
        **parts.summary,
        "topics": [
            {**topic, "name": names[topic["id"]], "keywords": [[secret, 0.5, 3] for secret in SECRETS]}
            for topic in parts.summary["topics"]
        ],
        "roles": {"text": "评论"},
        "columns": [name for name in rows.columns if name not in ("row_id", "kept", "reason")],
        "source": {**parts.summary["source"], "name": f"{ALL}.csv"},
        "warnings": [{"template": "{column} is odd.", "values": {"column": ALL}, "row": 1, "column": ALL}],
    }
    folder = tmp_path_factory.mktemp("redacted")
    return open_bundle(write_bundle(folder / "bundle", replace(parts, rows=rows, points=points, summary=summary)))


def assert_hides(told: str) -> None:
    assert not [secret for secret in HIDDEN if secret in told]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_report(bundle, language):
    view = View(note=ALL, filters=(Filter("text", "contains", "e"), Filter("item", "not", SENTENCES[0])))
    page = report_html(bundle, view=view, redact=True, allow_text=True, language=language)
    # The parts made by us: libraries between them hold digits and signs of their own.
    parts = re.findall(r'<script type="application/json" id="(\w+)">(.*?)</script>', page, re.DOTALL)
    told = dict(parts)
    assert set(told) == {"report_data", "report_points", "report_texts"}
    facts = json.dumps(json.loads(told["report_data"]), ensure_ascii=False)
    assert_hides(facts)
    assert MARKS["email"] in facts
    texts = zlib.decompress(base64.b64decode(json.loads(told["report_texts"]))).decode()
    assert_hides(texts)
    assert all(MARKS[kind] in texts for kind in ("phone", "id", "card", "account", "order", "handle"))
    assert_hides(base64.b64decode(json.loads(told["report_points"])).decode("utf-8", "replace"))
    assert_hides(re.search(r"<title>(.*?)</title>", page, re.DOTALL)[1])


def test_the_tables(bundle, tmp_path, capsys):
    files = {kind: tmp_path / f"t.{kind}" for kind in ("csv", "xlsx", "parquet")}
    options = [part for kind, path in files.items() for part in (f"--{kind}", str(path))]
    assert main(["export", str(bundle.path), *options, "--redact", "--bom"]) == 0
    assert set(json.loads(capsys.readouterr().out)) == set(map(str, files.values()))
    raw = files["csv"].read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    sheet = python_calamine.load_workbook(files["xlsx"]).get_sheet_by_index(0).to_python()
    frame = pd.read_parquet(files["parquet"])
    for told in (raw.decode("utf-8-sig"), str(sheet), str(frame.columns.tolist()) + str(frame.to_numpy().tolist())):
        assert_hides(told)
        assert all(mark in told for mark in MARKS.values())
    assert frame["phone"].unique().tolist() == [MARKS["phone"]]


def test_what_a_workbook_loses_is_said(bundle, tmp_path, capsys):
    parts = made.parts(3)
    rows = parts.rows.assign(评论=pd.array(["x" * 40_000, "\ufffe", "fine"], dtype="str"))
    path = write_bundle(tmp_path / "bundle", replace(parts, rows=rows))
    assert main(["export", str(path), "--xlsx", str(tmp_path / "t.xlsx")]) == 0
    said = capsys.readouterr().err.splitlines()
    assert [line.startswith(f"note: {tmp_path / 't.xlsx'}: 1 cells") for line in said] == [True, True]
