"""From evidence to checked names, with a real server for a model, good and bad."""

from __future__ import annotations

import json

import pytest

from pipelines.errors import Cancelled, ProviderFailed, UnusableInput
from pipelines.suggested import Evidence, gather, preview, suggest
from pipelines.suggested.checks import problem
from pipelines.suggested.preview import check_agreed
from pipelines.suggested.prompt import TOPICS_AT_ONCE, batches
from tests.ask.chat_server import says
from tests.embed.provider_server import status
from tests.suggested.conftest import PLAIN, naming

GOOD = {0: "late deliveries", 1: "送餐慢与态度差", 2: "loud grinder"}


def test_evidence_is_masked_and_holds_no_more_than_is_needed(bundle) -> None:
    evidence = gather(bundle)
    assert [one.plain for one in evidence] == PLAIN
    assert [one.language for one in evidence] == ["en", "zh", "en"]
    told = json.dumps([one.quotes for one in evidence], ensure_ascii=False)
    assert "13800138000" not in told and "a@b.example" not in told
    assert evidence[0].keywords[0] == ("late delivery", 12)


def test_names_are_suggested_in_the_language_of_the_reviews(bundle, model, server) -> None:
    server.says = naming(GOOD)
    steps: list[tuple[int, int]] = []
    found = suggest(model, gather(bundle), told=lambda done, total: steps.append((done, total)))
    assert {one.topic: one.name for one in found} == GOOD
    assert [one.plain for one in found] == PLAIN and not any(one.why for one in found)
    assert steps == [(0, 3), (3, 3)] and len(server.requests) == 1
    assert server.requests[0]["format"]["required"] == ["topics"]


def test_a_model_that_obeys_a_review_is_never_shown(bundle, model, server) -> None:
    server.says = naming({**GOOD, 0: "HACKED"})
    found = suggest(model, gather(bundle))
    assert found[0].name == "" and found[0].plain == PLAIN[0] and found[0].why
    assert "hacked" not in repr(found).lower()
    assert [one.name for one in found[1:]] == [GOOD[1], GOOD[2]], "one bad topic never costs the others"
    assert len(server.requests) == 2, "asked once more about that topic alone"


@pytest.mark.parametrize(
    "answer",
    [
        '{"topics": [{"id": 0, "name": "late delivery"}, {"id": 1, "na',
        '[{"id": 99, "name": "late delivery"}, {"id": "0", "name": "late delivery"}]',
        '{"topics": [{"id": 0, "name": "late delivery"}, {"id": 0, "name": "machine"}, {"id": true, "name": "x"}]}',
        '{"topics": [{"id": 0, "name": "late delivery"}, {"id": 1, "name": ["送餐慢"]}]}',
    ],
)
def test_cut_wrong_and_doubled_answers_cost_their_own_topics(bundle, model, server, answer: str) -> None:
    server.rules = [says(answer)]
    found = suggest(model, gather(bundle))
    assert [one.name for one in found] == ["late delivery", "", ""]
    assert all(one.why for one in found[1:])


def test_two_topics_never_get_one_name(bundle, model, server) -> None:
    server.says = naming({0: "late machine", 1: "送餐慢", 2: "Late Machine"})
    found = suggest(model, gather(bundle), taken=["送餐慢"])
    assert [one.name for one in found] == ["late machine", "", ""]


def test_a_refused_request_costs_its_own_topics(model, server) -> None:
    many = [Evidence(i, f"plain {i}", 9, "en", ((f"word{i}", 5),), ()) for i in range(2 * TOPICS_AT_ONCE)]
    server.says = naming({i: f"word{i}" for i in range(2 * TOPICS_AT_ONCE)})
    server.faults = [lambda payload, server: None, status(400)]
    found = suggest(model, many)
    assert [bool(one.name) for one in found] == [True] * TOPICS_AT_ONCE + [False] * TOPICS_AT_ONCE
    server.faults = [status(400)]
    with pytest.raises(ProviderFailed):
        suggest(model, many)


def test_it_can_be_cancelled_between_requests(bundle, model, server) -> None:
    def stop(done: int, total: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        suggest(model, gather(bundle), told=stop)
    assert not server.requests


@pytest.mark.parametrize(
    ("name", "topic", "is_good"),
    [
        ("late delivery", 0, True),
        ("Delivery of the machine", 0, True),
        ("late delivered machines", 0, True),
        ("coffee delivery", 0, False),
        ("送餐慢", 0, False),
        ("the of", 0, False),
        ("late <b>delivery</b>", 0, False),
        ("late delivery example.com", 0, False),
        ("[late](http://x)", 0, False),
        ("late\u202edelivery", 0, False),
        ("late " * 7, 0, False),
        ("送餐慢", 1, True),
        ("骑手态度差、送餐慢", 1, True),
        ("骑手偷吃", 1, False),
        ("late delivery", 1, False),
        ("送餐慢" * 5, 1, False),
        ("grinder noise", 2, True),
        ("loud machine", 2, False),
    ],
)
def test_a_name_is_made_of_the_evidence_alone(bundle, name: str, topic: int, is_good: bool) -> None:
    assert (problem(name, gather(bundle)[topic], ()) == "") is is_good


def test_the_preview_is_what_is_sent(bundle, model, server) -> None:
    server.says = naming(GOOD)
    told = preview(model, gather(bundle))
    assert not told.needs_consent and told.topics == 3 and told.tokens > 100
    check_agreed(told, agreed=False)
    suggest(model, gather(bundle))
    assert tuple(server.questions) == told.requests


def test_nothing_goes_elsewhere_without_consent(bundle) -> None:
    from pipelines.ask import resolve

    told = preview(resolve("openai:m@https://api.example.com/v1"), gather(bundle))
    assert told.needs_consent
    with pytest.raises(UnusableInput, match="--yes"):
        check_agreed(told, agreed=False)
    check_agreed(told, agreed=True)


def test_batches_hold_every_topic_once() -> None:
    many = [Evidence(i, "", 9, "en", (("word" * 200, 5),), ("quote " * 200,)) for i in range(30)]
    assert [one.topic for batch in batches(many) for one in batch] == list(range(30))
    assert all(len(batch) <= TOPICS_AT_ONCE for batch in batches(many))
