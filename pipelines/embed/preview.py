"""What a run would send and cost, before anything is sent; and the cap on what it may."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines import settings
from pipelines.embed.base import Embedder, document_identity, is_combined
from pipelines.embed.cache import VectorCache
from pipelines.embed.remote import is_loopback
from pipelines.embed.tokens import estimate_all
from pipelines.errors import N_, UnusableInput
from pipelines.types import Warning_

_LOOK_UP_AT_ONCE = 2000


@dataclass(frozen=True)
class Preview:
    """texts, distinct, cached: counts; to_embed: distinct texts that lack a vector; tokens: theirs, estimated.

    cut_off: distinct texts of which the model would read the beginning only. max_tokens: the cap (0: none).
    """

    name: str
    paid: bool
    remote: bool
    endpoint: str
    texts: int
    distinct: int
    cached: int
    to_embed: int
    tokens: int
    cut_off: int
    max_tokens: int

    @property
    def leaves(self) -> bool:
        """Whether texts would go to another computer than this one."""
        return self.remote and not is_loopback(self.endpoint)

    @property
    def within_budget(self) -> bool:
        """Whether a paid run would stay under the cap."""
        return not self.paid or not self.max_tokens or self.tokens <= self.max_tokens

    def told(self) -> Warning_:
        """The preview as one sentence."""
        values = {"n": self.to_embed, "tokens": self.tokens, "cached": self.cached, "endpoint": self.endpoint}
        if not self.remote:
            return Warning_(N_("{n} texts to embed (about {tokens} tokens), {cached} known; nothing is sent."), values)
        return Warning_(
            N_("{n} texts (about {tokens} tokens) go to {endpoint}; {cached} are known already and are not sent."),
            values,
        )


def preview(embedder: Embedder, texts: Sequence[str], cache: VectorCache | None = None) -> Preview:
    """What `embed_texts` would send now. Asks the network nothing, loads no model, and counts for no hit rate.

    Vectors kept by their batch (of a model whose bits vary with it, as on a GPU) are not found: which batches there
    would be, only the loaded model says. No provider's are, so all that is told too high is work on this computer.
    """
    distinct = list(dict.fromkeys(texts))
    lacking = _lacking(embedder, distinct, cache)
    identity = embedder.identity()
    return Preview(
        name=embedder.name,
        paid=embedder.paid,
        remote=embedder.remote,
        endpoint=str(identity.get("endpoint", "")),
        texts=len(texts),
        distinct=len(distinct),
        cached=len(distinct) - len(lacking),
        to_embed=len(lacking),
        tokens=estimate_all(_with_prompt(identity, lacking)),
        cut_off=len(cut_off(embedder, distinct)),
        max_tokens=settings.get_int("embed_max_paid_tokens"),
    )


def check_agreed(
    embedder: Embedder, texts: Sequence[str], cache: VectorCache | None = None, *, agreed: bool
) -> Preview | None:
    """What is about to be sent to another computer; None where nothing is.

    Raises UnusableInput where it costs money and nobody agreed to that, or where it is over the budget.
    """
    if not embedder.remote:
        return None
    told = preview(embedder, texts, cache)
    if not told.within_budget:
        raise _over_budget(told.name, told.to_embed, told.tokens)
    if told.paid and told.to_embed and not agreed:
        raise UnusableInput(
            N_(
                "“{name}” costs money: {n} texts (about {tokens} tokens) would go to {endpoint}; {cached} are known "
                "already and are not sent. Repeat with --yes to agree."
            ),
            name=told.name,
            n=told.to_embed,
            tokens=told.tokens,
            endpoint=told.endpoint,
            cached=told.cached,
        )
    return told if told.leaves and told.to_embed else None


def check_budget(embedder: Embedder, lacking: Sequence[str]) -> None:
    """Raise UnusableInput where a paid embedder would be sent more tokens than the setting embed_max_paid_tokens."""
    most = settings.get_int("embed_max_paid_tokens")
    if not embedder.paid or not most:
        return
    tokens = estimate_all(_with_prompt(embedder.identity(), lacking))
    if tokens > most:
        raise _over_budget(embedder.name, len(lacking), tokens)


def _over_budget(name: str, texts: int, tokens: int) -> UnusableInput:
    return UnusableInput(
        N_(
            "“{name}” would be sent {n} texts of about {tokens} tokens, more than the {most} allowed. Nothing was "
            "sent. Raise {variable}, or choose fewer rows or an embedder that costs nothing."
        ),
        name=name,
        n=texts,
        tokens=tokens,
        most=settings.get_int("embed_max_paid_tokens"),
        variable="REVIEWSCAPE_EMBED_MAX_PAID_TOKENS",
    )


def cut_off(embedder: Embedder, texts: Sequence[str]) -> list[int]:
    """Indices of texts of which an embedder reads the beginning only, where it can tell; a combination's first part."""
    if is_combined(embedder):
        return sorted(set().union(*(cut_off(part, texts) for part in embedder.parts)))
    tell = getattr(embedder, "cut_off", None)
    return list(tell(texts)) if callable(tell) else []


def _lacking(embedder: Embedder, distinct: list[str], cache: VectorCache | None) -> list[str]:
    if is_combined(embedder):
        lacking = [_lacking(part, distinct, cache) for part in embedder.parts if part.per_text]
        return max(lacking, key=len, default=distinct)
    if cache is None or not embedder.per_text:
        return distinct
    identity = document_identity(embedder.identity())
    found: list[str] = []
    for start in range(0, len(distinct), _LOOK_UP_AT_ONCE):
        some = distinct[start : start + _LOOK_UP_AT_ONCE]
        known = cache.peek(identity, some)
        found += [text for i, text in enumerate(some) if i not in known]
    return found


def _with_prompt(identity: dict[str, object], texts: Sequence[str]) -> list[str]:
    prompts = identity.get("prompts")
    prompt = str(prompts.get("document", "")) if isinstance(prompts, dict) else ""
    return [prompt + text for text in texts] if prompt else list(texts)
