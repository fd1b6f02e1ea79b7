"""One trial at a time: begun by a button, followed while it runs, told in words and a few numbers."""

from __future__ import annotations

import streamlit as st

from pages.ui.escape import plain
from pages.ui.i18n import _, language
from pages.ui.models import session_keys
from pages.ui.models.reads import said
from pipelines.embed.trial import ModelTest
from pipelines.embed.trial_run import Trial

_RUNNING, _DONE = "model_trial", "model_trials_done"
_MOST_CHARS = 500


def begin(card: str, name: str) -> None:
    """Start trying a model; does nothing while one is being tried."""
    if not is_running():
        with session_keys.in_use():
            st.session_state[_RUNNING] = (card, Trial(name, language()))


def is_running() -> bool:
    """Whether this session is trying a model now."""
    return _RUNNING in st.session_state


def follow(of_card: str) -> None:
    """While a trial of this card runs, look every second whether it is over; then draw the page anew."""
    if st.session_state.get(_RUNNING, ("",))[0] != of_card:
        return

    @st.fragment(run_every=1.0)
    def look() -> None:
        card, trial = st.session_state.get(_RUNNING, ("", None))
        if trial is None:
            return
        if trial.outcome is not None:
            st.session_state.pop(_RUNNING)
            st.session_state[_DONE] = {**st.session_state.get(_DONE, {}), card: (trial.name, trial.outcome)}
            st.rerun()
        with st.container(horizontal=True, vertical_alignment="center", key="trial_running"):
            st.markdown(
                ":material/hourglass_top: "
                + _("Trying {name}: {seconds} s. It may have to load first.").format(
                    name=plain(trial.name), seconds=f"{trial.seconds:.0f}"
                )
            )
            if st.button(_("Stop"), key="stop_trial", type="tertiary", icon=":material/stop:"):
                trial.stop()
                st.session_state.pop(_RUNNING, None)
                st.rerun()

    look()


def outcome(card: str, name: str) -> None:
    """What came of the last trial of a card, where it was of the model that the card names now."""
    tried, result = st.session_state.get(_DONE, {}).get(card, ("", None))
    if result is None or tried != name:
        return
    with st.container(key=f"trial_{card}", gap="small"):
        if isinstance(result, ModelTest):
            _figures(result)
        else:
            st.error(plain(said(result), _MOST_CHARS), icon=":material/error:")


def _figures(test: ModelTest) -> None:
    verdict = plain(said(test.told), _MOST_CHARS)
    if test.sound:
        st.success(verdict, icon=":material/check:")
    else:
        st.warning(verdict, icon=":material/warning:")
    st.markdown(
        _("{dim} numbers a text (dimension) · one text in {time} · loaded in {loading}").format(
            dim=f"**{test.dim:,}**", time=f"**{_time(test.seconds)}**", loading=_time(test.loading_seconds)
        )
    )
    st.caption(
        _("The first five numbers: {numbers}").format(numbers=" · ".join(f"{number:+.3f}" for number in test.first))
    )
    st.caption(_("Likeness of the three pairs (1 = the same):"))
    # Lines and no table: half a sentence in a cell is none.
    st.markdown("\n".join(f"- **{like:.2f}** {plain(one)} ↔ {plain(other)}" for one, other, like in test.pairs))


def _time(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"
