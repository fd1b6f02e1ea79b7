"""A session keeps nothing large: what it looked at is shared by all, and gone with the page."""

from __future__ import annotations

import pytest
from streamlit.runtime.fragment import MemoryFragmentStorage
from streamlit.testing.v1 import AppTest

from pages.ui import looks
from pipelines.store import library
from pipelines.view import View
from tests import sample_bundle
from tests.conftest import ROOT
from tests.pages import weighing
from tests.pages.conftest import assert_good

N = 4_000
MOST_BYTES = 400_000
"""A session's own, on any page: about what its widgets and their words come to."""
MOST_BYTES_OF_ONE = 60_000


@pytest.fixture
def large(home) -> str:
    sample_bundle.stand_in(30)
    analysis = library.create("large")
    library.publish(analysis, sample_bundle.parts(N))
    return analysis


@pytest.fixture
def fragments(monkeypatch) -> list[object]:
    """What the pages' fragments keep of the last run."""
    kept: list[object] = []
    register = MemoryFragmentStorage.register

    def noting(self, key, fragment, **more):
        kept.append(fragment)
        register(self, key, fragment, **more)

    monkeypatch.setattr(MemoryFragmentStorage, "register", noting)
    return kept


PAGES = (
    *(f"pages/main/{page}.py" for page in ("map", "ask", "compare", "check", "share", "open", "add")),
    *(f"pages/more/{page}.py" for page in ("models", "lab", "recommend", "pictures")),
    "pages/main/overview.py",
)


def weigh(app: AppTest, fragments: list[object], doing: str) -> None:
    """Hold what the session keeps after its last run against the limits."""
    assert_good(app)
    found = weighing.of_session(app, fragments)
    assert {name: size for name, size in found.items() if size > MOST_BYTES_OF_ONE} == {}, doing
    assert sum(found.values()) < MOST_BYTES, doing


def test_a_session_that_saw_every_page_keeps_nothing_large(large, monkeypatch, fragments):
    monkeypatch.chdir(ROOT)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=300)
    app.session_state["language"] = "en"
    app.query_params["a"] = large
    app.run()
    for page in PAGES:
        fragments.clear()
        weigh(app.switch_page(page).run(), fragments, page)
    fragments.clear()
    weigh(app.button(key="read_reviews").click().run(), fragments, "the reviews behind a figure")
    fragments.clear()
    weigh(app.button(key="only_negative").click().run(), fragments, "a filter")
    app.switch_page("pages/main/share.py").run()
    fragments.clear()
    weigh(app.button(key="prepare_file").click().run(), fragments, "a report")
    assert "Save one file" in "".join(button.proto.label for button in app.get("download_button"))


def test_sessions_of_one_analysis_share_what_they_look_at(large, monkeypatch):
    monkeypatch.chdir(ROOT)
    scales = weighing.Scales()
    for number in range(4):
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=300)
        app.query_params["a"] = large
        assert_good(app.run())
        app.switch_page("pages/main/map.py").run()
        more = scales.weigh(weighing.shared_caches())
        # The first brings the analysis into memory; those that look at the same add nothing worth naming.
        assert more > 1_000_000 if number == 0 else more < 20_000


def test_what_was_selected_before_is_forgotten_when_it_is_much():
    history = looks.History()
    for number in range(20):
        history.note(View(analysis="a", selection=tuple(range(number, number + 20_000))))
    assert len(history.looks) == 5
    assert history.can(-1)
