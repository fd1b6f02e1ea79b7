"""Names of embedders, and which one fits a file when nobody names one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.config import Purpose
from pipelines.embed import automatic
from pipelines.embed.base import Embedder, State, keeps
from pipelines.embed.prompts import Prompts, default_prompts
from pipelines.errors import N_, DamagedBundle, UnusableInput
from pipelines.types import Warning_

NAMES = (
    "auto",
    "bundled",
    "offline-zh",
    "lexical",
    "st:<hub id or folder>[@revision]",
    "dashscope:text-embedding-v4",
    "ollama:qwen3-embedding:0.6b",
    "openai:<model>@<base url>",
)

REMOTE = ("dashscope", "ollama", "openai")
SHARE = automatic.SHARE_FOR_OFFLINE_ZH

MOST_FOR_A_STAND_IN = 120_000_000
"""Numbers per token of the largest model that teaches a draft of its own without a GPU. Ten times those of the bundled
one, which takes some three seconds for a new file on two cores; multilingual-e5-base has 86 million, e5-large 303.
"""


@dataclass(frozen=True)
class Choice:
    """An embedder, the name it goes by, and why it was chosen: a translatable template with its values."""

    embedder: Embedder
    name: str
    why: Warning_


def resolve(
    name: str,
    languages: Sequence[str] = (),
    *,
    dim: int | None = None,
    prompts: Prompts | None = None,
    draft: bool = False,
) -> Choice:
    """The embedder of a name; `auto` by the languages of the texts (codes, one a text). Only `st:` may ask a network.

    dim: fewer dimensions than the model's own, where it can. prompts: in place of the model's usual ones; only names
    with a colon take some. draft: a quick stand-in for it, which asks no provider. Raises UnusableInput (an unknown
    name, an impossible dim, a missing model), ProviderFailed (a hub model that is not here and cannot be fetched).
    """
    why = Warning_(N_("“{name}”, as chosen."), {"name": name})
    if name == "auto":
        name, why = automatic.choose(languages)
    if draft:
        return _draft_of(name, languages, dim, prompts)
    embedder = _build(name, dim, prompts)
    return Choice(embedder, embedder.name, why)


def _draft_of(name: str, languages: Sequence[str], dim: int | None, prompts: Prompts | None) -> Choice:
    """What stands in for an embedder until its own vectors are there; for one that is quick itself, that one."""
    kind, _, model = name.partition(":")
    # What cannot be read token by token in seconds is stood in for by what this computer has anyway, whose dimension
    # is its own.
    is_far = bool(model) and (kind in REMOTE or (kind == "st" and _is_slow(model)))
    if name == "bundled" or (kind == "st" and model and not is_far):
        embedder = _static(name, dim, prompts)
    elif name in ("gloss", "offline-zh") or (is_far and _share_without_spaces(languages) >= SHARE):
        if not is_far:
            # An impossible dimension is told of the draft already, and not of the full map minutes later.
            _build(name, dim, prompts)
        embedder = _offline_zh_draft(None)
    elif is_far:
        embedder = _static("bundled", None, None)
    else:
        embedder = _build(name, dim, prompts)
    if embedder.name == name:
        return Choice(embedder, name, Warning_(N_("“{name}”, quick enough for a draft as it is."), {"name": name}))
    told = N_("a draft from single words, in place of “{name}”: quick and rough.")
    return Choice(embedder, embedder.name, Warning_(told, {"name": name}))


def _is_slow(source: str) -> bool:
    """Whether a local model would take minutes for the tokens and the few reviews that its own stand-in is made of."""
    from pipelines.embed import arithmetic
    from pipelines.embed.hub import find_folder
    from pipelines.embed.model_files import checked_weights, numbers_per_token

    if arithmetic.CUDA_FP16 in arithmetic.choose():
        return False
    return numbers_per_token(checked_weights(find_folder(source), f"st:{source}")) > MOST_FOR_A_STAND_IN


def _share_without_spaces(languages: Sequence[str]) -> float:
    known = [language for language in languages if language]
    return sum(language in automatic.WITHOUT_SPACES for language in known) / max(1, len(known))


def model_of(name: str) -> str:
    """The model in an embedder's name, for `prompts.default_prompts`: "" where none is named."""
    kind, _, rest = name.partition(":")
    return rest.partition("@")[0] if kind == "openai" else rest


def restore(identity: Mapping[str, object], state: State) -> Embedder:
    """The embedder of a finished bundle, ready for queries and added reviews.

    Raises DamagedBundle when the state does not fit, UnusableInput when the model on this computer is another one.
    """
    name = str(identity.get("name", ""))
    if not name:
        raise DamagedBundle(N_("The bundle does not say which embedder made its vectors."))
    dim = identity.get("dim")
    # A question is put as it was for the other vectors, whatever prompts are usual now.
    prompts = Prompts.from_dict(identity.get("prompts"))
    dim = dim if isinstance(dim, int) else None
    folder = _recorded(name, identity.get("revision"))
    embedder = _build(name, dim, prompts) if folder is None else _local(name[len("st:") :], dim, prompts, folder)
    if _weights(identity) != _weights(embedder.identity()):
        raise UnusableInput(
            N_("The model “{name}” on this computer is not the one that made this analysis. Run the analysis again."),
            name=name,
        )
    if keeps(embedder):
        embedder.restore(state)
    return embedder


def is_here(identity: Mapping[str, object]) -> bool:
    """Whether `restore` fetches no model from the hub: a bundle of another's may name any."""
    kind, _, source = str(identity.get("name", "")).removeprefix("static:").partition(":")
    if kind != "st":
        return True
    from pipelines.embed import hub

    commit = identity.get("revision")
    recorded = isinstance(commit, str) and commit and hub.on_disk(source.strip(), commit)
    return bool(recorded or hub.here(source.strip()))


def usual_prompts(name: str, purpose: Purpose = "retrieval") -> Prompts:
    """What stands before texts unless a person writes something else; a model's own where its folder is here.

    Raises UnusableInput where the model takes no instruction for the purpose.
    """
    usual = default_prompts(model_of(name), purpose)
    kind, _, source = name.partition(":")
    if kind != "st" or not source.strip():
        return usual
    from pipelines.embed import hub, local

    folder = hub.here(source.strip())
    if folder is None:
        return usual
    own = local.usual_prompts(folder, hub.hub_id(source.strip()))
    return own if purpose == "retrieval" else Prompts(own.query, usual.document)


def _recorded(name: str, commit: object) -> Path | None:
    """The folder of the very commit that made a bundle, though the hub's model may have another one by now."""
    kind, _, source = name.partition(":")
    if kind != "st" or not isinstance(commit, str) or not commit:
        return None
    from pipelines.embed.hub import on_disk

    return on_disk(source, commit)


def _weights(identity: Mapping[str, object]) -> list[object]:
    """What must be alike for vectors to be comparable: weights, words and parts, not the arithmetic."""
    parts = identity.get("parts")
    own = [identity.get(key) for key in ("weights", "shares", "prompts", "dictionary", "words")]
    return own + ([_weights(part) for part in parts] if isinstance(parts, list) else [])


def _build(name: str, dim: int | None, prompts: Prompts | None) -> Embedder:
    kind, _, rest = name.partition(":")
    plain = {
        "bundled": _bundled,
        "gloss": _gloss,
        "offline-zh": _offline_zh,
        "offline-zh-draft": _offline_zh_draft,
        "lexical": _lexical,
    }
    providers: Mapping[str, Callable[[str, int | None, Prompts | None], Embedder]] = {
        "st": _local,
        "static": _static,
        "dashscope": _dashscope,
        "ollama": _ollama,
        "openai": _openai,
    }
    if name in plain:
        return plain[name](dim)
    build = providers.get(kind)
    if build is None or not rest.strip():
        raise UnusableInput(
            N_("There is no embedder “{name}”; choose one of: {allowed}."), name=name, allowed=" · ".join(NAMES)
        )
    return build(rest.strip(), dim, prompts)


def _bundled(dim: int | None) -> Embedder:
    from pipelines.embed.bundled import BundledEmbedder

    return _cut(BundledEmbedder(), dim)


def _gloss(dim: int | None) -> Embedder:
    from pipelines.embed.gloss import GlossEmbedder

    return _cut(GlossEmbedder(), dim)


def _local(source: str, dim: int | None, prompts: Prompts | None, folder: Path | None = None) -> Embedder:
    from pipelines.embed.local import SentenceTransformerEmbedder

    return _cut(SentenceTransformerEmbedder(source, prompts=prompts, folder=folder), dim)


def _static(teacher_name: str, dim: int | None, prompts: Prompts | None) -> Embedder:
    """The stand-in of a local model, by the model's name; the model itself where it is a table of tokens already.

    A model without a tokenizer.json cannot be read token by token: characters stand in for it.
    """
    from pipelines.embed.static import StaticEmbedder

    if teacher_name == "bundled":
        from pipelines.embed.bundled import BundledEmbedder

        return _cut(StaticEmbedder(BundledEmbedder()), dim)
    kind, _, source = teacher_name.partition(":")
    if kind != "st" or not source:
        raise UnusableInput(N_("“{name}” has no quick stand-in; “bundled” and “st:…” have."), name=teacher_name)
    from pipelines.embed.hub import find_folder
    from pipelines.embed.local import SentenceTransformerEmbedder
    from pipelines.embed.model_files import is_table

    teacher = SentenceTransformerEmbedder(source, prompts=prompts)
    if is_table(find_folder(source)):
        return _cut(teacher, dim)
    return _cut(StaticEmbedder(teacher), dim) if teacher.tokenizer_file.is_file() else _lexical(None)


def _cut(embedder: Embedder, dim: int | None) -> Embedder:
    from pipelines.embed.combined import CutEmbedder

    return embedder if dim is None or dim == embedder.dim else CutEmbedder(embedder, dim)


def _offline_zh(dim: int | None) -> Embedder:
    from pipelines.embed.offline_zh import OfflineChineseEmbedder

    embedder = OfflineChineseEmbedder()
    if dim is not None and dim != embedder.dim:
        raise UnusableInput(
            N_("“{name}” has {native} dimensions; --dim {dim} is not possible."),
            name=embedder.name,
            native=embedder.dim,
            dim=dim,
        )
    return embedder


def _offline_zh_draft(dim: int | None) -> Embedder:
    from pipelines.embed.offline_zh_draft import OfflineChineseDraft

    embedder = OfflineChineseDraft()
    return embedder if dim is None or dim == embedder.dim else _cut(embedder, dim)


def _lexical(dim: int | None) -> Embedder:
    from pipelines.embed.combined import CutEmbedder
    from pipelines.embed.lexical import LexicalEmbedder

    embedder = LexicalEmbedder()
    return embedder if dim is None or dim == embedder.dim else CutEmbedder(embedder, dim)


def _dashscope(model: str, dim: int | None, prompts: Prompts | None) -> Embedder:
    from pipelines.embed.dashscope import DashScopeEmbedder

    return DashScopeEmbedder(model, dim=dim, prompts=prompts)


def _ollama(model: str, dim: int | None, prompts: Prompts | None) -> Embedder:
    from pipelines.embed.ollama import OllamaEmbedder

    return OllamaEmbedder(model, dim=dim, prompts=prompts)


def _openai(rest: str, dim: int | None, prompts: Prompts | None) -> Embedder:
    from pipelines.embed.openai import OpenAIEmbedder

    model, _, base_url = rest.partition("@")
    return OpenAIEmbedder(model, base_url or None, dim=dim, prompts=prompts)
