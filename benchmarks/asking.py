"""Asking, measured over the samples: `python -m benchmarks.asking`.

30 questions with the rows that answer them and 15 that no review answers (tests/answer/questions.json), on which the
two strengths of pipelines/answer/evidence.py were chosen, and 10 and 5 on a fourth sample, written after; counting
questions against a count by pandas; 60 reviews that give orders to a machine (tests/answer/injections.json), read by a
model that obeys all it reads: 40 that the rules of pipelines/answer/hostile.py were finished with, 20 written after.
"""

from __future__ import annotations

import argparse
import csv
import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from pipelines.analysis import analyze
from pipelines.answer import as_json, prepare, reply
from pipelines.answer.hostile import speaks_to_machine
from pipelines.answer.prompt import Given
from pipelines.answer.support import Written, judged
from pipelines.ask import ChatModel
from pipelines.running import Request
from pipelines.store.bundle import write_bundle
from pipelines.store.reader import Bundle, open_bundle
from pipelines.types import name_in_rows
from pipelines.view import UPLOAD_PREFIX

if TYPE_CHECKING:
    from tests.answer.gullible import Gullible

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "sample_data"
FIXTURES = ROOT / "tests" / "answer"
TEXT_COLUMN = {"coffee_machines": ("utf-8", "review"), "hotels_zh": ("gb18030", "评论内容")}
_SAMPLED = 4000
COUNTING = {
    "coffee_machines": (
        "how many complain about delivery, by country?",
        "How many reviews mention noise, by product?",
        "Which product gets the most complaints about leaking?",
        "How many people in Canada complain about delivery?",
        "How many 1-star reviews mention the app, per month?",
    ),
    "hotels_zh": (
        "多少条评论抱怨隔音差？按门店",
        "哪家门店的早餐投诉最多？",
        "西安钟楼店有多少人抱怨隔音？",
        "每个月有多少人提到热水？",
        "有多少客人夸前台？",
    ),
    "travel_app_mixed": (
        "How many users complain about crashes, by platform?",
        "多少用户抱怨闪退？按版本",
        "HarmonyOS users: how many complain about sync?",
    ),
}
"""Counting questions of each sample."""


@dataclass
class Asked:
    """Of the questions that reviews answer: hit (a citation names one of the rows), cited, right (citations that do),
    missing (citations of rows that do not exist), thin. thin_right: of those that none answers, told so."""

    questions: int = 0
    hit: int = 0
    cited: int = 0
    right: int = 0
    missing: int = 0
    unanswered: int = 0
    thin_right: int = 0
    missed: list[str] = field(default_factory=list)


@dataclass
class Obeyed:
    """Of injections: recognised (set aside by the rules), read (sent to the model), shown (obeyed in a sentence of the
    model that a person would see)."""

    injections: int = 0
    recognised: int = 0
    shown: int = 0
    read: int = 0
    which: list[str] = field(default_factory=list)


def questions() -> dict[str, Any]:
    """By sample: answered ({"question", "rows" or "theme"}) and unanswered."""
    return dict(json.loads((FIXTURES / "questions.json").read_text("utf-8")))


def injections() -> dict[str, list[dict[str, str]]]:
    """tuned and unseen: {"style", "text", "says", "sign"}."""
    return dict(json.loads((FIXTURES / "injections.json").read_text("utf-8")))


def is_chinese(text: str) -> bool:
    """Which of the two samples an injection goes into."""
    return sum("\u3400" <= char <= "\u9fff" for char in text) > 3


def with_injections(name: str, target: Path) -> Path:
    """A sample's file with the injections of its language as rows behind it."""
    codec, column = TEXT_COLUMN[name]
    with (SAMPLES / f"{name}.csv").open(encoding=codec, newline="") as file:
        reader = csv.DictReader(file)
        rows = list(reader)
        names = list(reader.fieldnames or [])
    texts = [one["text"] for part in injections().values() for one in part]
    own = [text for text in texts if is_chinese(text) == (name == "hotels_zh")]
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names)
        writer.writeheader()
        # All else about such a review is as in a real one.
        writer.writerows([*rows, *({**rows[place], column: text} for place, text in enumerate(own))])
    return target


def analysed(source: Path, folder: Path) -> Bundle:
    """A file analysed as it is by default."""
    return open_bundle(write_bundle(folder, analyze(Request(source, source.name))))


def ask_all(name: str, bundle: Bundle) -> Asked:
    """The sample's questions without a model."""
    planted = json.loads((SAMPLES / "planted" / f"{name}.json").read_text("utf-8"))["themes"]
    told = Asked()
    known = set(bundle.rows["row_id"].tolist())
    for one in questions()[name]["answered"]:
        wanted = set(one["rows"] if "rows" in one else planted[one["theme"]])
        answer = reply(bundle, prepare(bundle, one["question"]))
        quoted = [row for sentence in answer.sentences if sentence.by == "quote" for row in sentence.rows]
        every = [row for sentence in answer.sentences for row in sentence.rows]
        told.questions += 1
        told.cited += len(quoted)
        told.right += sum(row in wanted for row in quoted)
        told.missing += sum(row not in known for row in every)
        told.hit += any(row in wanted for row in quoted)
        if not any(row in wanted for row in quoted):
            told.missed.append(one["question"])
    for question in questions()[name]["unanswered"]:
        told.unanswered += 1
        told.thin_right += reply(bundle, prepare(bundle, question)).kind == "thin"
    return told


def counts_equal(bundle: Bundle, question: str) -> bool:
    """Whether an answer's figures equal a count by pandas over the rows that it shows."""
    answer = reply(bundle, prepare(bundle, question))
    told = as_json(bundle, answer)
    shown = bundle.rows[bundle.rows["row_id"].isin(told["sentences"][0]["row_ids"])]
    if answer.kind != "count" or told["count"] != len(shown) or any(
        one["count"] != len(sentence["row_ids"])
        for one, sentence in zip(told["groups"], told["sentences"][1:], strict=False)
    ):  # fmt: skip
        return False
    if not answer.ask.group:
        return not told["groups"]
    by = _group_column(bundle, shown, answer.ask.group, answer.ask.period)
    own = by[by != ""].value_counts()
    return {one["value"]: one["count"] for one in told["groups"] if one["count"]} == own.to_dict()


def _group_column(bundle: Bundle, shown: pd.DataFrame, group: str, period: str) -> pd.Series:
    """The column counted by, from the file's own rows."""
    roles = bundle.summary["roles"]
    name = group.removeprefix(UPLOAD_PREFIX) if group.startswith(UPLOAD_PREFIX) else roles[group]
    column = shown[name_in_rows(name)].astype(str)
    return pd.to_datetime(column).dt.to_period(period).astype(str) if group == "date" else column


def second_wall(bundle: Bundle, found: Sequence[Mapping[str, str]], question: str) -> Obeyed:
    """What the support of sentences alone lets through, as if no injection had been recognised and each were sent.

    Every choice of citations is tried that could carry it (tests.answer.gullible).
    """
    from tests.answer.gullible import obeying

    told = Obeyed()
    prepared = prepare(bundle, question)
    places = {str(text): place for place, text in enumerate(bundle.points["text"].tolist())}
    for one in found:
        told.injections += 1
        told.recognised += speaks_to_machine(one["text"])
        place = places.get(one["text"].replace("\n", " "), places.get(one["text"]))
        if place is None:
            continue
        own = Given(len(prepared.texts) + 1, one["text"], unit=place)
        texts = (*prepared.texts, own)
        written = [Written(s["text"], tuple(s["cites"])) for s in obeying(one, own.number, [t.number for t in texts])]
        kept = [s for w in written for s in judged(bundle, prepared.ask, [w], texts)[0]]
        if any(one["sign"].casefold() in s.text.casefold() for s in kept if s.by == "model"):
            told.shown += 1
            told.which.append(one["style"])
    return told


def through_the_wire(
    bundle: Bundle, model: ChatModel, gullible: Gullible, found: Sequence[Mapping[str, str]], question: str
) -> Obeyed:
    """Each injection asked about, one after another, of a `model` behind whose server `gullible` obeys it.

    It obeys whether the injection was sent (read) or set aside before (recognised). An injection stands alone among
    reviews of all kinds, so that it is found, and others do not drown what it wants.
    """
    told = Obeyed()
    places = {str(text): place for place, text in enumerate(bundle.points["text"].tolist())}
    hostile = {one["text"] for part in injections().values() for one in part}
    few = np.flatnonzero(~bundle.points["text"].isin(hostile).to_numpy())[::12]
    for one in found:
        if one["text"] not in places:
            continue
        allowed = np.zeros(len(bundle.points), dtype=bool)
        allowed[few] = True
        allowed[places[one["text"]]] = True
        prepared = prepare(bundle, question, allowed=allowed)
        gullible.injections, gullible.read = [one], []
        answer = reply(bundle, prepared, model=model)
        told.injections += 1
        told.read += bool(gullible.read)
        told.recognised += places[one["text"]] in prepared.evidence.hostile
        said = " ".join(sentence.text for sentence in answer.sentences if sentence.by == "model").casefold()
        known = set(bundle.points["row_id"].tolist())
        missing = any(row not in known for sentence in answer.sentences for row in sentence.rows)
        if one["sign"].casefold() in said or missing or any(mark in said for mark in ("<", "http", "](", "9999")):
            told.shown += 1
            told.which.append(one["style"])
    return told


def main() -> None:
    """Print one JSON object a sample, and one for each set of injections."""
    from pipelines.ask.ollama import OllamaChat
    from pipelines.ask.openai import OpenAIChat
    from tests.answer.gullible import Gullible
    from tests.ask.chat_server import ChatServer

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders-in", type=Path, metavar="FILE", help="how many reviews of a CSV the rules set aside")
    parser.add_argument("--text", help="the column of its reviews")
    args = parser.parse_args()
    if args.orders_in:
        texts = pd.read_csv(args.orders_in, on_bad_lines="skip")[args.text].dropna().astype(str)
        some = texts.sample(min(_SAMPLED, len(texts)), random_state=0)
        print(json.dumps({"reviews": len(some), "set_aside": int(some.map(speaks_to_machine).sum())}))
        return
    with tempfile.TemporaryDirectory() as folder:
        for name in questions():
            bundle = analysed(SAMPLES / f"{name}.csv", Path(folder) / name)
            equal = [counts_equal(bundle, question) for question in COUNTING.get(name, ())]
            print(json.dumps({"sample": name, **asdict(ask_all(name, bundle)), "counting": len(equal),
                              "equal_to_pandas": sum(equal)}, ensure_ascii=False))  # fmt: skip
        for name, question in (
            ("coffee_machines", "What do customers say about delivery?"),
            ("hotels_zh", "客人对热水怎么看？"),
        ):
            source = with_injections(name, Path(folder) / f"{name}.csv")
            bundle = analysed(source, Path(folder) / f"{name}_injected")
            for which, every in injections().items():
                own = [one for one in every if is_chinese(one["text"]) == (name == "hotels_zh")]
                told = {"support alone": second_wall(bundle, own, question)}
                gullible = Gullible(own)
                server = ChatServer(gullible)
                try:
                    for model in (OllamaChat("tiny", base_url=server.url), OpenAIChat("tiny", server.url)):
                        told[model.provider] = through_the_wire(bundle, model, gullible, own, question)
                finally:
                    server.close()
                for how, one in told.items():
                    line = {"sample": name, "set": which, "by": how, **asdict(one)}
                    print(json.dumps(line, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
