"""`ask` and `documents` as a person at a terminal meets them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.__main__ import main
from pipelines.store import library
from tests.ask.chat_server import ChatServer


@pytest.fixture
def server(monkeypatch) -> Iterator[ChatServer]:
    def says(rules: str, question: str) -> str:
        reviews = json.loads(question)["reviews"]
        return json.dumps({"sentences": [{"text": one["text"], "cites": [one["n"]]} for one in reviews[:2]]})

    made = ChatServer(says)
    monkeypatch.setenv("OLLAMA_HOST", made.url)
    yield made
    made.close()


def test_the_contract_of_an_answer_a_count_and_too_little(analysed_sample, home, capsys) -> None:
    kinds = {
        "What do customers say about the app?": "answer",
        "how many complain about delivery, by country?": "count",
        "What is the capital of France?": "thin",
    }
    for question, kind in kinds.items():
        assert main(["ask", str(analysed_sample.bundle), question, "--json"]) == 0
        told = json.loads(capsys.readouterr().out)
        assert told["kind"] == kind and told["model"] is None
        assert (told["count"] is not None) == (kind == "count")
        assert all(isinstance(one["text"], str) and isinstance(one["row_ids"], list) for one in told["sentences"])
    assert main(["ask", str(analysed_sample.bundle), "What do customers say about the app?"]) == 0
    out = capsys.readouterr().out
    assert "[row_id " in out and "\n" in out


def test_a_model_writes_and_elsewhere_needs_yes(analysed_sample, home, server, capsys, monkeypatch) -> None:
    asked = ["ask", str(analysed_sample.bundle), "What do customers say about the app?"]
    assert main([*asked, "--model", "ollama:tiny", "--json"]) == 0
    out, err = capsys.readouterr()
    assert "this computer" in err and json.loads(out)["sentences"] and len(server.questions) == 1
    monkeypatch.delenv("DASHSCOPE_API_KEY", raising=False)
    assert main([*asked, "--model", "dashscope:qwen-plus", "--json"]) == 2
    assert "--yes" in capsys.readouterr().err
    assert main([*asked, "--model", "dashscope:qwen-plus", "--yes"]) == 2
    assert "DASHSCOPE_API_KEY" in capsys.readouterr().err
    assert main([*asked, "--model", "dashscope:qwen-plus", "--preview"]) == 0
    assert '"question"' in capsys.readouterr().out and len(server.questions) == 1


def test_nobody_there_is_3_and_a_bad_argument_2(analysed_sample, home, capsys, monkeypatch) -> None:
    bundle = str(analysed_sample.bundle)
    monkeypatch.setenv("OLLAMA_HOST", "127.0.0.1:9")
    monkeypatch.setenv("REVIEWSCAPE_PROVIDER_BUDGET_S", "0")
    assert main(["ask", bundle, "What do customers say about the app?", "--model", "ollama:tiny"]) == 3
    assert main(["ask", bundle, "  "]) == 2
    assert main(["ask", bundle, "app?", "--model", "nothing"]) == 2
    assert main(["ask", bundle, "app?", "--document", "/nowhere.md"]) == 2
    assert capsys.readouterr().out == ""


def test_documents_are_kept_listed_and_asked(home, make_parts, tmp_path: Path, capsys) -> None:
    analysis = library.create("mine")
    library.publish(analysis, make_parts())
    policy = tmp_path / "policy.md"
    policy.write_text("# Leave\nEvery employee has five days of annual leave.\n", "utf-8")
    assert main(["documents", analysis, "add", str(policy), "--json"]) == 0
    (one,) = json.loads(capsys.readouterr().out)
    assert one["name"] == "policy.md" and one["passages"] == 1
    question = ["ask", str(library.latest_bundle(analysis)), "How much annual leave?", "--json"]
    assert main(question) == 0
    assert json.loads(capsys.readouterr().out)["sentences"][0]["passages"] == [
        {"file": "policy.md", "passage": 1, "page": None}
    ]
    assert main(["documents", analysis, "remove", one["id"]]) == 0
    assert capsys.readouterr().out == ""
    assert main(question) == 0
    assert json.loads(capsys.readouterr().out)["kind"] == "thin"
    assert main(["documents", analysis, "restore", one["id"]]) == 0
    assert main(["documents", analysis, "add"]) == 2
    assert main(["documents", analysis, "add", str(tmp_path / "none.pdf")]) == 2
    assert main(["documents", "f" * 16, "list"]) == 2
