"""Answers on the page Ask: counted, quoted, written by a model after consent, and documents beside the reviews."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from pipelines import documents
from pipelines.store import library
from tests.ask.chat_server import ChatServer
from tests.embed.provider_server import status
from tests.pages.conftest import assert_good, words
from tests.search.read_reviews import read_parts

POLICY = """# Returns
## Delivery
Every parcel arrives within three days, or shipping is paid back.
## Coffee
Beans are roasted weekly.
"""


@pytest.fixture
def read(home) -> str:
    """An analysis whose meaning can be asked for."""
    analysis = library.create("read")
    library.publish(analysis, read_parts())
    return analysis


@pytest.fixture
def server(monkeypatch) -> Iterator[ChatServer]:
    made = ChatServer(written)
    monkeypatch.setenv("OLLAMA_HOST", made.url)
    yield made
    made.close()


def written(rules: str, question: str) -> str:
    """Says what the first two reviews say, cites one that is not there, and puts a link in."""
    first, second = json.loads(question)["reviews"][:2]
    return json.dumps(
        {
            "sentences": [
                {"text": f"Customers say: {first['text']}", "cites": [first["n"], 99]},
                {"text": "Everything is perfect, see http://evil.example/x", "cites": [second["n"]]},
            ]
        }
    )


def test_a_question_is_answered_with_quotes_that_open_their_review(start, read):
    app = start("ask", a=read, q="What do people say about late delivery?")
    assert_good(app)
    said = words(app)
    assert "put together without a language model" in said and "“" in said
    assert "Look through the reviews nearest" in said and "No review clearly speaks" not in said
    doors = [button for button in app.button if (button.key or "").startswith("ask_door_")]
    assert doors
    doors[-1].click().run()
    assert_good(app)
    assert "1 review" in words(app)


def test_words_to_look_for_are_no_question_until_somebody_says_so(start, read):
    app = start("ask", a=read, q="espresso")
    assert "put together without" not in words(app)
    app.button(key="ask_anyway").click().run()
    assert_good(app)
    assert "put together without" in words(app) or "Too little to answer" in words(app)


def test_a_count_by_column_says_how_and_a_row_opens_its_reviews(start, read):
    app = start("ask", a=read, q="How many people mention espresso, by <b>shop</b>?")
    assert_good(app)
    app = start("ask", a=read, q="How many people mention espresso, by shop?")
    assert_good(app)
    said = words(app)
    assert "speak of “espresso”" in said.replace("\\", "") and "How this was counted" in said
    (table,) = (one.value for one in app.dataframe if "interval" in one.value)
    assert table["reviews"].sum() == 8 and set(table["value"]) == {"north", "south", "<i>east</i>"}


def test_too_little_is_said_so_and_no_model_is_offered(start, read):
    app = start("ask", a=read, q="What is the capital of France?")
    assert_good(app)
    assert "Too little to answer" in words(app)
    assert not [button for button in app.button if button.key == "ask_model_door"]


def test_a_model_on_this_computer_writes_what_the_reviews_say_and_no_more(start, read, server):
    app = start("ask", a=read, q="What do people say about late delivery?")
    app.button(key="ask_model_door").click().run()
    assert_good(app)
    assert not server.questions and "on this computer" in words(app)
    app.button(key="ask_write").click().run()
    assert_good(app)
    said = words(app)
    assert len(server.questions) == 1 and "evil.example" not in said
    assert "written by ollama" in said.replace("\\", "") and "not shown" in said
    app.button(key="ask_unwrite").click().run()
    assert "put together without a language model" in words(app)


def test_nothing_leaves_before_a_person_agrees(start, read, server, monkeypatch):
    monkeypatch.setenv("DASHSCOPE_API_KEY", "sk-secretsecretsecret")
    app = start("ask", a=read, q="What do people say about late delivery?")
    app.button(key="ask_model_door").click().run()
    app.segmented_control(key="ask_kind").set_value("dashscope").run()
    assert_good(app)
    assert app.button(key="ask_write").disabled and "dashscope" in words(app)
    assert any("late" in one.value for one in app.code)
    assert not server.questions


def test_a_server_that_fails_is_told_and_the_plain_answer_stays(start, read, server):
    server.rules = [status(404)]
    app = start("ask", a=read, q="What do people say about late delivery?")
    app.button(key="ask_model_door").click().run()
    app.button(key="ask_write").click().run()
    assert app.error and "put together without a language model" in words(app)


def test_what_a_document_promises_stands_beside_what_customers_say_and_goes_again(start, read):
    one = documents.add(read, POLICY.encode(), "<b>policy</b>.md")
    app = start("ask", a=read, q="How long does delivery take?")
    assert_good(app)
    said = words(app)
    assert "What customers say" in said and "What the document says" in said and "three days" in said
    app.button(key=f"document_remove_{one.id}").click().run()
    assert_good(app)
    assert "What the document says" not in words(app)
    app.button(key="last_done_undo").click().run()
    assert "What the document says" in words(app)


def test_a_file_that_is_none_says_what_to_do(start, read):
    app = start("ask", a=read)
    app.get("file_uploader")[0].upload("notes.pdf", b"no pdf at all", "application/pdf").run()
    assert_good(app)
    assert "not what its name says" in " ".join(error.value for error in app.error)
    app = start("ask", a=read)
    app.get("file_uploader")[0].upload("policy.md", POLICY.encode(), "text/markdown").run()
    assert_good(app)
    assert "1 document" in words(app)


def test_in_chinese_over_hostile_texts(start):
    app = start("ask", language="zh", q="多少条评论提到早餐？")
    assert_good(app)
