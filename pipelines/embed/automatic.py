"""Which embedder fits a file when nobody names one: by the languages of its texts and by what this computer has.

`auto` never downloads and never asks an outside host: no network call unless the person chose an embedder that needs
one. So a multilingual model counts when it is on disk already, or when an Ollama server on this very computer has it;
a key in the environment is nobody's word that reviews may leave. The same computer gives the same choice.

What neither English nor the dictionary covers still gets the character n-grams: of 500–900 short texts each in Arabic,
French, German, Hindi, Indonesian and Italian, the share of like judgement among the ten nearest is 0.441, 0.419, 0.433,
0.379, 0.514, 0.477 with the bundled model and 0.498, 0.433, 0.450, 0.407, 0.555, 0.505 with the n-grams beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.embed import hardware
from pipelines.embed.available import Available, ServerState, look
from pipelines.errors import N_
from pipelines.types import Warning_

WITHOUT_SPACES = frozenset({"zh", "ja", "ko"})
"""Languages that the bundled model does not read."""

SHARE_FOR_OFFLINE_ZH = 0.2
SHARE_FOR_ENGLISH = 0.5


@dataclass(frozen=True)
class Multilingual:
    """A model that reads many languages; languages: how many, as `source` (its own card or paper) says."""

    name: str
    languages: int
    source: str


ON_DISK = (
    Multilingual("intfloat/multilingual-e5-small", 100, "model card: languages of XLM-R, arXiv:2402.05672"),
    Multilingual("sentence-transformers/paraphrase-multilingual-MiniLM-L12-v2", 50, "model card, arXiv:2004.09813"),
    Multilingual("ibm-granite/granite-embedding-107m-multilingual", 12, "model card, Chinese among them"),
    Multilingual("intfloat/multilingual-e5-base", 100, "model card: languages of XLM-R, arXiv:2402.05672"),
    Multilingual("sentence-transformers/paraphrase-multilingual-mpnet-base-v2", 50, "model card, arXiv:2004.09813"),
    Multilingual("google/embeddinggemma-300m", 100, "model card, arXiv:2509.20354"),
    Multilingual("Qwen/Qwen3-Embedding-0.6B", 100, "model card, arXiv:2506.05176"),
    Multilingual("intfloat/multilingual-e5-large", 100, "model card: languages of XLM-R, arXiv:2402.05672"),
)
"""Models of the hub with safetensors and no code of their own, in the order they are taken: the quickest first, since
a processor alone reads some ten reviews a second with the larger ones. With a GPU the other way round."""

ON_OLLAMA = (
    Multilingual("qwen3-embedding:0.6b", 100, "model card, arXiv:2506.05176"),
    Multilingual("embeddinggemma", 100, "model card, arXiv:2509.20354"),
    Multilingual("paraphrase-multilingual", 50, "model card, arXiv:2004.09813"),
    Multilingual("bge-m3", 100, "model card, arXiv:2402.03216"),
    Multilingual("snowflake-arctic-embed2", 74, "model card, arXiv:2412.04506"),
    Multilingual("qwen3-embedding:4b", 100, "model card, arXiv:2506.05176"),
    Multilingual("qwen3-embedding", 100, "model card, arXiv:2506.05176"),
    Multilingual("qwen3-embedding:8b", 100, "model card, arXiv:2506.05176"),
)
"""The same for a server, whose speed is its own affair; a name without a colon stands for its tag `latest`."""

_NOT_ON_DISK = N_("none among the models on this computer’s disk")
_NOT_SCANNED = N_("the folder of models did not open in time")
_NOT_SERVED: dict[ServerState, str] = {
    "answers": N_("none that Ollama on this computer has"),
    "silent": N_("Ollama does not run on this computer"),
    "slow": N_("Ollama on this computer did not answer in time"),
    "odd": N_("what answers at Ollama’s address on this computer is no Ollama"),
    "elsewhere": N_("Ollama is set to another computer, which is not asked unless you choose it"),
    "no address": N_("the address set for Ollama is none"),
}


def choose(languages: Sequence[str], found: Available | None = None) -> tuple[str, Warning_]:
    """The name of an embedder, and why it is that one.

    languages: codes, one a text. found: what `available.look` told; None looks now, for at most the setting
    probe_timeout_s, and only where texts in other languages than English make it matter.
    """
    known = [language for language in languages if language]
    share = sum(language in WITHOUT_SPACES for language in known) / max(1, len(known))
    english = sum(language == "en" for language in known) / max(1, len(known))
    if not known or (english >= SHARE_FOR_ENGLISH and share < SHARE_FOR_OFFLINE_ZH):
        return "bundled", Warning_(N_("bundled (all-MiniLM-L6-v2), since most reviews are English."), {})
    found = look() if found is None else found
    local = multilingual_here(found)
    if local is not None:
        return local[0], _why_multilingual(*local, english)
    missing = [_NOT_ON_DISK if found.scanned else _NOT_SCANNED, _NOT_SERVED[found.ollama.state]]
    if share >= SHARE_FOR_OFFLINE_ZH:
        why = N_(
            "offline-zh (words in English by CC-CEDICT, read by all-MiniLM-L6-v2, and character n-grams), since "
            "{share:.0%} of the reviews are Chinese, Japanese or Korean. Looked for a multilingual model: {missing}."
        )
        return "offline-zh", Warning_(why, {"share": share, "missing": missing})
    why = N_(
        "offline-zh (all-MiniLM-L6-v2, made for English, and character n-grams, for any language), since only "
        "{share:.0%} of the reviews are English. A multilingual model does better; looked for one: {missing}."
    )
    return "offline-zh", Warning_(why, {"share": english, "missing": missing})


def multilingual_here(found: Available) -> tuple[str, Multilingual] | None:
    """The first multilingual model that is at hand, by the embedder's name: on disk before Ollama."""
    for model in reversed(ON_DISK) if hardware.has_cuda() else ON_DISK:
        if model.name in found.on_disk:
            return f"st:{model.name}", model
    for model in ON_OLLAMA:
        wanted = model.name if ":" in model.name else f"{model.name}:latest"
        if wanted in found.ollama.models and found.ollama.state == "answers":
            return f"ollama:{wanted}", model
    return None


def _why_multilingual(name: str, model: Multilingual, english: float) -> Warning_:
    values = {"name": name, "count": model.languages, "others": 1 - english}
    if name.startswith("st:"):
        told = N_(
            "{name}, a model for {count} languages that is on this computer already, since {others:.0%} of the "
            "reviews are not English."
        )
    else:
        told = N_(
            "{name}, a model for {count} languages that Ollama on this computer has, since {others:.0%} of the "
            "reviews are not English."
        )
    return Warning_(told, values)
