"""The one-file report as a file: its parts, its policy, its size, and what must not be in it."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import zlib
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import plotly
import pytest

from pipelines.export.html import PLOTLY, STATIC, report_html, write_report
from pipelines.map.pack import MAGIC
from pipelines.redact import MARKS
from pipelines.view import Filter, View
from tests.sample_bundle import HOSTILE, N, sample_bundle


class _Parts(HTMLParser):
    """Scripts and styles as a browser would cut them out, and every tag."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.raw: list[tuple[str, dict[str, str | None], str]] = []
        self.text: list[str] = []
        self._open: tuple[str, dict[str, str | None]] | None = None

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag in {"script", "style"}:
            self._open = (tag, dict(attrs))
            self.raw.append((tag, dict(attrs), ""))

    def handle_endtag(self, tag):
        self._open = None

    def handle_data(self, data):
        if self._open:
            tag, attributes, text = self.raw[-1]
            self.raw[-1] = (tag, attributes, text + data)
        else:
            self.text.append(data)


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    return sample_bundle(tmp_path_factory.mktemp("report"))


def parse(page: str) -> _Parts:
    parts = _Parts()
    parts.feed(page)
    return parts


def make(bundle, **options):
    options = {"view": None, "redact": False, "allow_text": True, "language": "en", **options}
    return report_html(bundle, **options)


def data(page: str, name: str):
    return next(json.loads(text) for _, attributes, text in parse(page).raw if attributes.get("id") == name)


def texts(page: str) -> list[str]:
    return json.loads(zlib.decompress(base64.b64decode(data(page, "report_texts"))))


def test_plotly_is_the_file_that_was_vendored_and_the_version_that_plotly_ships():
    raw = (STATIC / PLOTLY).read_bytes()
    assert hashlib.sha256(raw).hexdigest() == "4ac841837b31c1bfd2ab140e3a248ddcc6c2106978fbf2c1c18a7aada930a37a"
    shipped = (Path(plotly.__file__).parent / "package_data" / "plotly.min.js").read_text(encoding="utf-8")[:200]
    version = re.search(r"plotly\.js v([\d.]+)", shipped)[1]
    assert f"plotly.js (strict - minified) v{version}".encode() in raw[:200]
    assert version in PLOTLY


def test_the_policy_names_exactly_the_scripts_that_are_there(bundle):
    parts = parse(make(bundle))
    policy = next(a["content"] for tag, a in parts.tags if a.get("http-equiv") == "Content-Security-Policy")
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert "unsafe-inline" not in rules["script-src"]
    assert "unsafe-eval" not in policy
    assert "http" not in policy
    run = [text for tag, attributes, text in parts.raw if tag == "script" and not attributes.get("type")]
    hashes = [f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" for text in run]
    assert rules["script-src"].split() == hashes


def test_nothing_is_loaded_from_anywhere(bundle):
    tags = parse(make(bundle)).tags
    assert not [tag for tag, a in tags if a.get("src") or a.get("href")]
    assert {tag for tag, _ in tags} == {"html", "head", "meta", "title", "style", "body", "noscript", "div", "script"}
    assert not [a for _, a in tags for name in a if name.startswith("on")]


def test_hostile_texts_reach_the_page_as_data_only(bundle):
    page = make(bundle, view=View(note=HOSTILE[2], filters=(Filter("row:<b>shop</b>", "not", HOSTILE[0]),)))
    parts = parse(page)
    assert [a.get("id") for tag, a, _ in parts.raw if tag == "script"][:3] == [
        "report_data",
        "report_points",
        "report_texts",
    ]
    assert len([1 for tag, *_ in parts.raw if tag == "script"]) == 6
    for name in ("report_data", "report_points", "report_texts"):
        raw = next(text for _, a, text in parts.raw if a.get("id") == name)
        assert not set(raw) & set("<>&\u2028\u2029")
    facts = data(page, "report_data")
    assert facts["note"] == HOSTILE[2]
    assert facts["title"] == "<script>window.hacked=1</script>.csv"
    assert texts(page)[: len(HOSTILE)] == list(bundle.points["text"][: len(HOSTILE)])


def test_size_and_return_value(bundle, tmp_path):
    size = write_report(bundle, tmp_path / "new" / "r.html", allow_text=False)
    assert size == (tmp_path / "new" / "r.html").stat().st_size
    assert size <= 6_000_000 + 60 * N
    with_text = write_report(bundle, tmp_path / "r.html")
    assert with_text - size <= sum(len(text.encode()) for text in bundle.points["text"])


def test_a_point_costs_at_most_60_bytes(tmp_path):
    small, large = sample_bundle(tmp_path / "a", 500), sample_bundle(tmp_path / "b", 3500)
    grown = len(make(large, allow_text=False)) - len(make(small, allow_text=False))
    assert grown <= 60 * 3000


def test_without_text_no_text_is_in_it(bundle):
    page = make(bundle, allow_text=False)
    assert data(page, "report_texts") is None
    assert not data(page, "report_data")["hasText"]
    assert "louder than I thought" not in page


def test_redaction_reaches_texts_names_and_notes(bundle):
    view = View(note="ask anna@example.com", filters=(Filter("user", "not", "user1@example.com"),))
    page = make(bundle, view=view, redact=True)
    assert "13800138000" not in "".join(texts(page))
    assert MARKS["phone"] in "".join(texts(page))
    facts = data(page, "report_data")
    assert facts["note"] == f"ask {MARKS['email']}"
    assert "user1" not in json.dumps(facts)
    assert not [colour for colour in facts["colours"] if colour["light"]["column"].startswith("row:")]


def test_reviews_outside_the_filters_keep_their_place_but_no_text(bundle):
    view = View(filters=(Filter("sentiment_label", "is", "positive"),), colour="rating", dims=3, selection=(3, 5))
    page = make(bundle, view=view)
    inside = (bundle.points["sentiment_label"] == "positive").to_numpy()
    assert [bool(text) for text in texts(page)] == inside.tolist()
    facts = data(page, "report_data")
    assert facts["cards"]["reviews"] == inside.sum()
    assert facts["filters"] == ["Sentiment: positive"]
    assert facts["dims"] == 3
    assert facts["colours"][0]["light"]["column"] == "rating"
    assert all(inside[row["i"]] for row in facts["odd"])
    points = base64.b64decode(data(page, "report_points"))
    header = json.loads(points[8 : 8 + int.from_bytes(points[4:8], "little")])
    assert points[:4] == MAGIC
    assert header["meta"]["n"] == N
    assert header["arrays"]["selection"][2] == 2


def test_odd_reviews_have_reasons_and_duplicates_counts(bundle):
    facts = data(make(bundle), "report_data")
    assert facts["odd"]
    assert all(row["reason"] and row["near"] for row in facts["odd"])
    scores = [row["score"] for row in facts["odd"]]
    assert scores == sorted(scores, reverse=True)
    assert facts["duplicates"] == [
        {"n": 3, "users": 3, "days": pytest.approx(108, abs=200), "units": [N - 3, N - 2, N - 1]}
    ]


def test_figures_agree_with_the_points(bundle):
    facts = data(make(bundle), "report_data")
    assert sum(topic["reviews"] for topic in facts["topics"]) == N
    assert sum(facts["sentiment"]["histogram"]["counts"]) == N
    assert facts["cards"]["mean_rating"] == pytest.approx(bundle.points["rating"].mean(), abs=1e-3)
    assert facts["cards"]["coverage"] == pytest.approx((bundle.points["cluster"] >= 0).mean(), abs=1e-3)


def test_both_languages_have_every_word(bundle):
    english, chinese = (data(make(bundle, language=language), "report_data")["words"] for language in ("en", "zh"))
    assert english.keys() == chinese.keys()
    for name, word in english.items():
        holes = re.findall(r"\{\w+\}", word)
        assert sorted(re.findall(r"\{\w+\}", chinese[name])) == sorted(holes), name


@pytest.mark.parametrize("n", [1, 2, 3, 5, 12])
def test_few_reviews(tmp_path, n):
    facts = data(make(sample_bundle(tmp_path, n)), "report_data")
    assert facts["cards"]["reviews"] == n


def test_filters_that_leave_nothing(bundle):
    facts = data(make(bundle, view=View(filters=(Filter("rating", "between", (9, 10)),))), "report_data")
    assert facts["cards"]["reviews"] == 0
    assert facts["topics"] == []
    assert np.sum(facts["sentiment"]["histogram"]["counts"]) == 0


def test_the_same_view_gives_the_same_bytes(bundle):
    assert make(bundle) == make(bundle)
