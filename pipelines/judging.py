"""The stage of sentiment in an analysis: its settings, and the model that a person chose for it, where they did."""

from __future__ import annotations

from dataclasses import replace

from pipelines.config import AnalyzeConfig
from pipelines.embed.classifier import SentimentClassifier
from pipelines.sentiment import SentimentConfig


def settings_of(config: AnalyzeConfig) -> SentimentConfig:
    """The stage's settings; raises UnusableInput for one that it does not have.

    A draft is a quick look: it does without the person's model.
    """
    chosen = config.stage_config("sentiment", SentimentConfig(seed=config.seed))
    return replace(chosen, model="") if config.draft else chosen


def judge_of(config: SentimentConfig) -> SentimentClassifier | None:
    """The model that the settings name; None where they name none. Raises as SentimentClassifier does."""
    return SentimentClassifier(config.model) if config.model else None


def check(config: AnalyzeConfig) -> None:
    """Load the model and try it: one that does not work is told before the run and its draft, not at the end."""
    judge = judge_of(settings_of(replace(config, draft=False)))
    if judge is not None:
        judge.try_out()
