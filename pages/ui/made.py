"""The drawer "How this was made": settings, model, versions, seconds, and the command that repeats it."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from pages.ui.escape import plain
from pages.ui.i18n import _
from pages.ui.job import stage_names
from pages.ui.sampled import sampled
from pages.ui.table import table as show_table
from pipelines.config import AnalyzeConfig
from pipelines.store.reader import Bundle
from pipelines.words import sentence


def how_made(bundle: Bundle) -> None:
    """Draw the drawer."""
    summary, manifest = bundle.summary, bundle.manifest
    with st.expander(_("How this was made"), icon=":material/receipt_long:"):
        st.markdown(
            _("Each review became {dim} numbers (its embedding) by the model **{model}**: {why}").format(
                dim=summary["embedding"]["dim"],
                model=plain(str(manifest["embedder"].get("name", "?"))),
                why=plain(sentence(_, summary["embedding"]["why"]), 600),
            )
        )
        if manifest["embedder"].get("name") in ("offline-zh", "offline-zh-draft", "gloss"):
            st.caption(_("Senses of Chinese words: CC-CEDICT, licensed CC BY-SA 4.0, and a list of our own."))
        _places_and_topics(summary)
        if sampled(summary):
            st.markdown(sampled(summary))
        method = " ".join(sentence(_, note) for note in summary["sentiment"]["method"])
        st.markdown(_("Sentiment: {method}").format(method=plain(method, 600)))
        if summary.get("stability") is not None:
            st.markdown(
                _(
                    "Stability of the whole map: {n} (1 = every topic comes back when a tenth of the "
                    "reviews is left out)."
                ).format(n=f"{summary['stability']:.2f}")
            )
        names = stage_names()
        seconds = pd.DataFrame(
            {
                _("Step"): [names.get(stage, stage) for stage in summary["seconds"]],
                _("Seconds"): list(summary["seconds"].values()),
            }
        )
        show_table(seconds, hide_index=True, width="content", key="seconds")
        versions = manifest.get("versions", {})
        if versions:
            st.caption(plain(" · ".join(f"{name} {version}" for name, version in versions.items()), 600))
        st.markdown(_("Copy as command:"))
        config = AnalyzeConfig.from_dict(dict(manifest["config"]))
        source = summary["source"]
        command = config.as_command(
            source["name"], summary["roles"], encoding=source["encoding"], delimiter=source["delimiter"]
        )
        vectors = summary.get("given", {}).get("vectors")
        command += f" --vectors={shlex.quote(vectors)}" if vectors else ""
        st.code(command + _of_pictures(summary.get("given", {}).get("pictures")), language="bash")


def _of_pictures(given: Mapping[str, Any] | None) -> str:
    """The arguments that read the same pictures again."""
    if not given:
        return ""
    told = f" --picture-column={shlex.quote(given['column'])} --picture-model={shlex.quote(given['model'])}"
    told += f" --pictures={shlex.quote(given['zip'])}" if given["zip"] else ""
    return told + (" --fetch-pictures" if given["from_web"] else "")


def _places_and_topics(summary: Mapping[str, Any]) -> None:
    """What was computed, and what the person's own columns gave."""
    given = summary.get("given", {})
    if given.get("places"):
        x, y = given["places"]
        said = _("Places on the map are the columns “{x}” and “{y}”, not computed.")
        st.markdown(said.format(x=plain(x), y=plain(y)))
    if given.get("labels"):
        said = _("Topics are the values of column “{column}”, not found by clustering.")
        st.markdown(said.format(column=plain(given["labels"])))
    if given.get("places") or given.get("labels"):
        return
    st.markdown(
        _(
            "Similar reviews were placed close together (UMAP) and grouped where they are dense "
            "(HDBSCAN, smallest topic "
            "{size}). {core} of the reviews are at the core of a topic; {joined} joined the "
            "topic of their neighbours."
        ).format(
            size=summary["min_cluster_size"],
            core=f"{summary['core_coverage']:.0%}",
            joined=f"{summary['coverage'] - summary['core_coverage']:.0%}",
        )
    )
