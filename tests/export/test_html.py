"""The one-file report as a file: its parts, its policy, its size, and what must not be in it."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import zlib
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pandas as pd
import plotly
import pytest

from pipelines.export.html import PLOTLY, STATIC, report_html, write_report
from pipelines.map.colour import MISSING
from pipelines.map.pack import MAGIC
from pipelines.redact import MARKS
from pipelines.store.bundle import write_bundle
from pipelines.store.reader import open_bundle
from pipelines.view import Filter, View
from tests import sample_bundle as made
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


def arrays(page: str) -> dict[str, np.ndarray]:
    """The report's arrays by name, as static/map/pack.js reads them."""
    raw = base64.b64decode(data(page, "report_points"))
    start = 8 + int.from_bytes(raw[4:8], "little")
    header = json.loads(raw[8:start])
    return {
        name: np.frombuffer(raw, np.dtype(kind).newbyteorder("<"), length, start + offset)
        for name, (kind, offset, length) in header["arrays"].items()
    }


@pytest.fixture(scope="module")
def telling(tmp_path_factory):
    """An analysis of a file that tells a lot: users, titles, a free column of long texts, shops that differ."""
    parts = made.parts()
    n = len(parts.rows)
    shop = np.where(parts.points["cluster"].isin([0, -1]), "Schmidt & Söhne", "Müller")
    more = {
        "用户": [f"Anna Nr{i % 40}" for i in range(n)],
        "title": [f"Title number {i}" for i in range(n)],
        "pros": [f"A long private remark of person {i}" for i in range(n)],
        "shop": shop,
    }
    rows = parts.rows.drop(columns=["<b>shop</b>"])
    rows = rows.assign(**{name: pd.array(list(values), dtype="str") for name, values in more.items()})
    points = parts.points.assign(user=pd.array(more["用户"], dtype="str"))
    topics = [{**topic, "name": f"topic {'ABCDE'[topic['id']]}"} for topic in parts.summary["topics"]]
    summary = {
        **parts.summary,
        "topics": topics,
        "roles": {"text": "评论", "user": "用户", "title": "title"},
        "columns": ["评论", "price", *more],
        "source": {"name": "Complaints of Anna Nr7.csv", "encoding": "utf-8"},
    }
    folder = tmp_path_factory.mktemp("telling")
    return open_bundle(write_bundle(folder / "bundle", replace(parts, rows=rows, points=points, summary=summary)))


def colour_columns(page: str) -> list[str]:
    return [colour["light"]["column"] for colour in data(page, "report_data")["colours"]]


PRIVATE = ["text", "user", "row:评论", "row:用户", "row:title", "row:pros", "row:nothing", "x2"]


@pytest.mark.parametrize("column", PRIVATE)
@pytest.mark.parametrize("options", [{"allow_text": False}, {"redact": True}, {}])
def test_a_colour_that_would_write_texts_or_names_is_no_colour(telling, column, options):
    page = make(telling, view=View(colour=column), **options)
    if column == "row:pros" and not options:
        assert colour_columns(page)[0] == "row:pros"
        return
    assert colour_columns(page)[0] == "topic"
    assert column not in colour_columns(page)
    # The texts themselves are part of the file, and a few typical ones of its picture.
    said = json.dumps({**data(page, "report_data"), "voices": []}, ensure_ascii=False)
    for private in ("louder than I thought", "Anna Nr1", "Title number", "private remark"):
        assert private not in said.replace("Complaints of Anna Nr7", "")


@pytest.mark.parametrize("column", ["sentiment_label", "language", "is_outlier", "joined", "row:price", "cluster"])
def test_colours_of_the_closed_list_are_taken(telling, column):
    assert colour_columns(make(telling, view=View(colour=column)))[0] == {"cluster": "topic"}.get(column, column)


def test_a_report_without_texts_is_coloured_by_kinds_only(telling):
    assert colour_columns(make(telling, view=View(colour="row:shop"), allow_text=False))[0] == "row:shop"
    assert colour_columns(make(telling, view=View(colour="row:price"), allow_text=False))[0] == "topic"


@pytest.mark.parametrize("colour", ["topic", "sentiment", "rating", "row:shop", "row:price", "is_outlier"])
def test_of_what_is_outside_the_filters_only_the_place_is_written(telling, colour):
    view = View(filters=(Filter("cluster", "in", (1, 2)), Filter("language", "is", "en")), colour=colour)
    page = make(telling, view=view)
    inside = (telling.points["cluster"].isin([1, 2]) & (telling.points["language"] == "en")).to_numpy()
    found = arrays(page)
    names = [name for name in found if name.startswith("colour")]
    assert len(names) > 5
    for name in names:
        assert (found[name][~inside] == MISSING).all(), name
    for name in ("topic", "sentiment", "rating", "day", "flags"):
        assert (found[name][~inside] == 0).all(), name
    assert (found["topic"][inside] > 0).all()
    facts = data(page, "report_data")
    assert {label["id"] for label in facts["labels"]} == {1, 2}
    said = json.dumps({**facts, "made": [], "words": {}}, ensure_ascii=False)
    assert "topic B" in said
    for outside in ("topic A", "topic D", "topic E", "Schmidt"):
        assert outside not in said
    assert all(inside[place] for row in facts["odd"] for place, _ in row["near"])


def test_a_filter_on_a_column_that_is_not_there_leaves_nothing_inside(telling):
    page = make(telling, view=View(filters=(Filter("row:shops", "is", "Müller"),)))
    assert data(page, "report_data")["cards"]["reviews"] == 0
    assert not any(texts(page))


def test_a_redacted_report_names_no_user_no_file_and_no_cell(telling):
    filters = (
        Filter("user", "not", "Anna Nr9"),
        Filter("row:用户", "not", "Anna Nr8"),
        Filter("row:shop", "in", ("Müller", "Schmidt & Söhne")),
        Filter("row:pros", "contains", "remark"),
        Filter("row:price", "between", (None, 500)),
    )
    open_facts = data(make(telling, view=View(filters=filters)), "report_data")
    assert open_facts["title"] == "Complaints of Anna Nr7.csv"
    assert any("Schmidt" in finding["text"] for finding in open_facts["findings"])
    assert "用户 ≠ Anna Nr8" in open_facts["filters"]
    page = make(telling, view=View(filters=filters), redact=True)
    facts = data(page, "report_data")
    assert facts["cards"] == open_facts["cards"]
    assert facts["filters"] == ["User ≠ …", "用户 ≠ …", "shop: …", "pros ∋ …", "price: …"]
    assert facts["title"] == "Customer reviews"
    assert facts["findings"]
    assert "File" not in dict(facts["made"])
    for private in ("Anna", "Complaints", "Schmidt", "Müller", "remark", "500"):
        assert private not in json.dumps({**facts, "made": []}, ensure_ascii=False)
    assert "Anna" not in page


def test_whole_texts_as_filter_values_are_not_written_without_texts(telling):
    filters = tuple(Filter(column, "not", "It leaks, says Bo") for column in ("text", "row:评论", "row:title"))
    page = make(telling, view=View(filters=(*filters, Filter("text", "contains", "grinder"))), allow_text=False)
    assert data(page, "report_data")["filters"] == ["Text ≠ …", "评论 ≠ …", "title ≠ …", "Text ∋ grinder"]
    assert "says Bo" not in page


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
        {"n": 3, "users": 3, "days": pytest.approx(108, abs=200), "burst": "", "units": [N - 3, N - 2, N - 1]}
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
