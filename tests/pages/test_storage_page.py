"""Storage and load: the server's figures, for the person who runs it and nobody else."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from pipelines.store import acting
from tests.pages.conftest import NAME, assert_good, words


def test_the_figures_are_there_without_a_name_or_a_text(start):
    app: AppTest = start().switch_page("pages/more/storage.py").run()
    assert_good(app)
    assert [one.label for one in app.metric] == [
        *("Browsers connected", "Memory of the server", "Memory of running analyses", "Free on the disk"),
    ]
    frames = [one.value for one in app.dataframe]
    assert list(frames[0].iloc[:, 0]) == ["waiting", "running", "done", "failed", "cancelled", "interrupted"]
    assert "stored vectors" in list(frames[1].iloc[:, 0])
    assert NAME not in words(app)
    assert len(app.get("download_button")) == len(frames)


def test_who_is_not_the_machine_sees_nothing(start):
    app = start()
    with acting.acting_as(acting.person_id("https://sign-in.example", "1")):
        from pages.ui import load_figures

        load_figures.show()
    assert_good(app)
