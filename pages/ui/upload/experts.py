"""Model, instructions, unit, projection and topic size, for those who know what they want; kept while others are read.

What does not fit together is said here and where the analysis is started, before anything is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from pages.ui.escape import plain
from pages.ui.i18n import _
from pages.ui.upload import instructions, model_choice, own, remembered, sentiment_model
from pages.ui.upload.model_choice import choose, is_remote
from pages.ui.upload.reading import Found
from pipelines import embed, embedding
from pipelines.config import PROJECTIONS, UNITS, AnalyzeConfig
from pipelines.embed import keys
from pipelines.errors import N_, ReviewscapeError, UnusableInput

__all__ = ["choose", "embedder", "is_remote", "problem", "provider", "show"]

_PROBLEM = "upload_experts_problem"
_MOST_CHARS = 600


def embedder() -> str:
    """The embedder that is chosen, by its full name."""
    return model_choice.name()


def problem() -> str:
    """Why the last choices cannot be used, as Markdown; "" when they can."""
    return str(st.session_state.get(_PROBLEM, ""))


def provider(config: AnalyzeConfig) -> embed.Embedder | None:
    """The embedder of a config that runs behind HTTP, made without a word to its server; None for all others.

    Raises UnusableInput for an address, a dimension or a prompt that it cannot have.
    """
    if config.embedder.partition(":")[0] not in model_choice.PROVIDERS:
        return None
    return embed.resolve(config.embedder, dim=config.dim, prompts=embedding.prompts_of(config)).embedder


def show(found: Found) -> AnalyzeConfig:
    """The expander; returns what it says, or the default where that cannot be used (see `problem`)."""
    with st.expander(_("For experts"), icon=":material/science:", key="experts"):
        model_choice.show()
        instructions.show()
        place = st.container()
        left, middle, right = st.columns(3, vertical_alignment="bottom")
        unit_names = {"review": _("whole reviews"), "sentence": _("sentences")}
        left.selectbox(
            _("What to place on the map"), UNITS, format_func=unit_names.__getitem__, **remembered.widget("expert_unit")
        )
        middle.selectbox(
            _("Map method (projection)"), PROJECTIONS, format_func=str.upper, **remembered.widget("expert_projection")
        )
        right.number_input(
            _("Smallest topic (min_cluster_size); 0 = chosen from the data"),
            min_value=0,
            **remembered.widget("expert_size"),
        )
        sentiment_model.show()
        given = own.show(found)
        try:
            config, said = _checked(given), ""
        except ReviewscapeError as error:
            config, said = AnalyzeConfig(), plain(error.translated(_), _MOST_CHARS)
            place.error(said)
    st.session_state[_PROBLEM] = said or own.problem()
    return config


def _checked(given: Mapping[str, object]) -> AnalyzeConfig:
    """The choices as a config; raises UnusableInput where they cannot be used, as far as that is known without asking.

    given: the person's own columns. Nothing of a name that could hold a key is quoted.
    """
    name = model_choice.name()
    keys.check_name(name)
    if name.endswith(":") or name.startswith("openai:@"):
        raise UnusableInput(N_("Write which model it is: its name is missing."))
    size = remembered.value("expert_size")
    config = AnalyzeConfig.from_dict(
        {
            "embedder": name,
            "dim": model_choice.dim(),
            "unit": remembered.value("expert_unit"),
            "projection": remembered.value("expert_projection"),
            "min_cluster_size": size if isinstance(size, int) and size >= 2 else None,
            "purpose": instructions.purpose(),
            "query_prompt": instructions.own("query"),
            "document_prompt": instructions.own("document"),
            "extra": sentiment_model.settings(),
            **{name: column for name, column in given.items() if name != "vectors" and not own.problem()},
        }
    )
    embedding.prompts_of(config)
    provider(config)
    return config
