"""A question with an instruction before it and without: what it finds, and whether it finds more of the right topic."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from pipelines import embed
from pipelines.compare.intervals import mean_of
from pipelines.embed import Prompts, usual_prompts
from pipelines.embed.prompts import QUERY_TASK
from pipelines.figures import heads
from pipelines.lab import reading
from pipelines.store.reader import Bundle, Held
from pipelines.tracked import meaning
from pipelines.types import FloatArray, IntArray

FOUND = 10
MOST_TOPICS = 40
_LEAST_OF_TOPIC = 10


@dataclass(frozen=True)
class Sides:
    """unit_ids (k,) that a question finds without and with the instruction, nearest first; both: how many are alike."""

    without: IntArray
    with_it: IntArray

    @property
    def both(self) -> int:
        """How many reviews both sides find."""
        return len(np.intersect1d(self.without, self.with_it))


@dataclass(frozen=True)
class Measured:
    """Over `topics` questions made of topics' keywords: the mean share of ten found that are of the topic, each way.

    gain: with minus without, its 95 % interval low … high (paired over the topics, Student's t: they are few).
    """

    topics: int
    without: float
    with_it: float
    gain: float
    low: float
    high: float


def own_prompt(bundle: Bundle) -> str:
    """The instruction that the analysis's embedder puts before a question; "" where it puts none."""
    return Prompts.from_dict(bundle.identity.get("prompts")).query


def suggested(bundle: Bundle) -> str:
    """An instruction to try: the embedder's own, else that of its family, else one in Qwen3-Embedding's form."""
    own = own_prompt(bundle) or usual_prompts(str(bundle.identity.get("name", ""))).query
    return own or f"Instruct: {QUERY_TASK}\nQuery:"


def compare(bundle: Bundle, question: str, prompt: str, *, send: bool = False) -> Sides | None:
    """What a question finds each way, repeated reviews once; None where nobody can or may be asked."""
    asked = [ask(bundle, question, "", send=send), ask(bundle, question, prompt, send=send)]
    without, with_it = asked
    if without is None or with_it is None:
        return None
    found = [_best(bundle, vector) for vector in (without, with_it)]
    return Sides(found[0], found[1])


def measure(bundle: Bundle, prompt: str, *, send: bool = False) -> Measured | None:
    """Ask for each topic by its three first keywords; None for fewer than three topics, or where nobody may be asked.

    A topic's own keywords name it well: this says which way finds more, not how well questions of people are answered.
    """
    sizes = bundle.points["cluster"].value_counts()
    topics = [
        (int(topic["id"]), " ".join(str(keyword[0]) for keyword in topic["keywords"][:3]))
        for topic in bundle.summary["topics"]
        if topic.get("keywords") and sizes.get(topic["id"], 0) >= _LEAST_OF_TOPIC
    ][:MOST_TOPICS]
    if len(topics) < 3:
        return None
    cluster = bundle.points["cluster"].to_numpy()
    shares = np.zeros((len(topics), 2))
    for i, (topic, question) in enumerate(topics):
        sides = compare(bundle, question, prompt, send=send)
        if sides is None:
            return None
        shares[i] = [(cluster[units] == topic).mean() for units in (sides.without, sides.with_it)]
    without, with_it = shares.mean(axis=0).tolist()
    return Measured(len(topics), without, with_it, *mean_of(shares[:, 1] - shares[:, 0]))


def ask(bundle: Bundle, question: str, prompt: str, *, send: bool = False) -> FloatArray | None:
    """(d,) a question's vector under a prompt, in the part of a vector that questions are compared with."""
    embedder = reading.embedder_of(bundle, send=send)
    if embedder is None:
        return None
    prompts = Prompts.from_dict(bundle.identity.get("prompts"))
    if prompts.query == prompt:
        vector = embedder.embed_query(question)
    elif not prompts.query:
        # No prompt is put before it by the embedder: what stands in the text is all.
        vector = embedder.embed_query(prompt + question)
    else:
        vector = _restored(bundle.path.as_posix(), prompt, Held(bundle)).embed_query(question)
    width = getattr(embedder, "query_dim", 0)
    return np.asarray(vector[:width] if width else vector, np.float32)


@lru_cache(maxsize=1)
def _restored(path: str, prompt: str, held: Held) -> embed.Embedder:
    """The embedder with another prompt before questions; one at a time, a model takes hundreds of megabytes."""
    bundle = held.bundle
    state = bundle.state("embedder") if "embedder" in bundle.state_names else {}
    prompts = replace(Prompts.from_dict(bundle.identity.get("prompts")), query=prompt)
    identity = {**bundle.identity, "prompts": prompts.as_dict()}
    return embed.restore(identity, {name: array for name, array in state.items() if name != "query_dim"})


def _best(bundle: Bundle, vector: FloatArray) -> IntArray:
    alike = meaning.likeness(bundle, vector[None, :])[0]
    distinct = np.unique(heads(bundle.points))
    order = np.lexsort((distinct, -np.round(alike[distinct], 6)))[:FOUND]
    return bundle.points["unit_id"].to_numpy(dtype=np.int64)[distinct[order]]
