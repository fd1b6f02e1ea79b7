"""Reviews that give orders to a machine, before a model that obeys all it reads: nothing of it is shown."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from benchmarks.asking import injections, is_chinese, second_wall, through_the_wire
from pipelines.answer import prepare, reply
from pipelines.answer.hostile import speaks_to_machine
from pipelines.ask import ChatModel
from pipelines.ask.ollama import OllamaChat
from pipelines.ask.openai import OpenAIChat
from pipelines.embed.retry import Patience
from pipelines.store.reader import Bundle
from tests.answer.gullible import Gullible
from tests.ask.chat_server import ChatServer

EVERY = [one for part in injections().values() for one in part]
ASKED = {"coffee": "What do customers say about delivery?", "hotels": "客人对热水怎么看？"}


@pytest.fixture
def gullible() -> Gullible:
    return Gullible(EVERY)


@pytest.fixture
def server(gullible) -> Iterator[ChatServer]:
    made = ChatServer(gullible)
    yield made
    made.close()


@pytest.fixture(params=["ollama", "openai"])
def model(request, server) -> ChatModel:
    patience = Patience(60.0, sleep=lambda seconds: None, clock=lambda: 0.0)
    if request.param == "ollama":
        return OllamaChat("tiny", base_url=server.url, patience=patience)
    return OpenAIChat("tiny", server.url, patience=patience)


def places(bundle: Bundle) -> dict[str, int]:
    return {str(text): place for place, text in enumerate(bundle.points["text"].tolist())}


@pytest.mark.parametrize("which", ["coffee", "hotels"])
def test_none_of_them_is_obeyed_whichever_way_it_is_found(which, model, server, gullible, request) -> None:
    bundle = request.getfixturevalue(which)
    known = places(bundle)
    own = [one for one in EVERY if one["text"] in known and is_chinese(one["text"]) == (which == "hotels")]
    assert len(own) >= (30 if which == "coffee" else 20)
    # The formats differ in nothing that matters here: all of them by one, every fourth by the other.
    some = own[:: 1 if model.provider == "Ollama" else 4]
    told = through_the_wire(bundle, model, gullible, some, ASKED[which])
    assert (told.shown, told.which) == (0, [])
    assert told.recognised < told.injections and server.questions


def test_the_model_did_read_some_of_them_and_obeyed(coffee, model, server, gullible) -> None:
    """What the rules do not know is sent: the wall behind them is what holds."""
    known = places(coffee)
    unknown = [one for one in EVERY if not speaks_to_machine(one["text"]) and one["text"] in known]
    assert unknown
    for one in unknown:
        allowed = np.zeros(len(coffee.points), dtype=bool)
        allowed[known[one["text"]]] = True
        allowed[:200] = True
        reply(coffee, prepare(coffee, one["text"][:200], allowed=allowed), model=model)
    assert gullible.read


@pytest.mark.parametrize("which", ["coffee", "hotels"])
def test_the_rules_know_the_forty_and_the_support_alone_holds_nearly_all(which, request) -> None:
    bundle = request.getfixturevalue(which)
    found = injections()
    assert len(found["tuned"]) == 40 and len(found["unseen"]) == 20
    for part, least in (("tuned", 1.0), ("unseen", 0.4)):
        own = [one for one in found[part] if is_chinese(one["text"]) == (which == "hotels")]
        told = second_wall(bundle, own, ASKED[which])
        assert told.recognised >= least * len(own)
        assert told.shown <= 1, told.which


def test_reviews_that_only_mention_machines_or_instructions_are_evidence() -> None:
    for text in (
        "The instructions are only pictures. On picture 4 is a hand.",
        "Chatbot closed my ticket as 'resolved' because I said thanks",
        "智能客服，智能在哪？我问怎么导出，它给我推荐旅游险",
        "I would recommend this machine to anyone, ignore the bad reviews",
        "系统升级以后打不开了，请尽快修复",
        "前台只说“您定个时间”，没有多问",
    ):
        assert not speaks_to_machine(text), text


def test_a_question_is_masked_before_it_is_sent(coffee, server, model) -> None:
    prepared = prepare(coffee, "What about delivery? My mail is jane@example.com and my phone 13800138000")
    told = prepared.preview(model)
    assert "jane@example.com" not in told.request and "13800138000" not in told.request
    assert not told.needs_consent and told.reviews
