"""What every owner's page has around it: the state from the URL, the choice of analysis, the language switch."""

from __future__ import annotations

import gc
import time
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

import streamlit as st

from pages.ui import damaged, data, draft, sign_in, starting, state
from pages.ui.i18n import STATE_KEY, _, language, local_moment
from pages.ui.job import show_job, sidebar_note
from pipelines import jobs, samples
from pipelines.errors import DamagedBundle
from pipelines.store import library
from pipelines.store.reader import Bundle
from pipelines.words import LANGUAGES

_SAMPLE_ASKED = "first_sample_asked"
COLLECT_EVERY_S = 60


WIDE = """<style>
.stMainBlockContainer { padding: 3.75rem clamp(1rem, 4vw, 3rem) 4rem; }
</style>"""


@lru_cache(maxsize=1)
def _collect_garbage(_when: int) -> int:
    return gc.collect()


def start() -> None:
    """Begin a run of an owner's page."""
    st.html(WIDE)
    starting.once()
    damaged.standing_note()
    # Streamlit would do it after every run (runner.postScriptGC), which was four fifths of what a run took with models
    # and bundles in memory: all of them are looked through, and hold every other session up meanwhile.
    _collect_garbage(int(time.monotonic() // COLLECT_EVERY_S))
    state.sync_from_url()
    known = {info.id for info in library.list_analyses()}
    if not known and sign_in.is_on():
        _first_sample()
    if state.current().analysis not in known:
        chosen = default_analysis() or ""
        if chosen != state.current().analysis:
            state.open_analysis(chosen)


def _first_sample() -> None:
    """A person's first sight is a sample of their own, in their language; its texts are not read again."""
    if not st.session_state.get(_SAMPLE_ASKED):
        st.session_state[_SAMPLE_ASKED] = True
        sample = samples.for_language(language())
        if sample in samples.missing():
            samples.submit(sample)


def default_analysis() -> str | None:
    """What a person sees first: their latest analysis, else the sample in their language, else any sample."""
    infos = library.list_analyses()
    own = [info for info in infos if not info.sample]
    if own:
        return own[0].id
    mine = samples.for_language(language())
    by_key = {info.sample: info.id for info in infos}
    return by_key.get(mine.key) or next(iter(by_key.values()), None)


def sidebar() -> None:
    """Which analysis is open, and the language."""
    state.write_url()
    with st.sidebar:
        infos = {info.id: info for info in library.list_analyses()}
        chosen = state.current().analysis
        if infos:
            st.selectbox(
                _("Analysis"),
                list(infos),
                index=list(infos).index(chosen) if chosen in infos else 0,
                format_func=labels(list(infos.values())).__getitem__,
                key=f"analysis_choice_{chosen}",
                on_change=lambda: state.open_analysis(st.session_state[f"analysis_choice_{chosen}"]),
            )
        st.page_link("pages/main/open.py", label=_("Use my file"), icon=":material/upload_file:")
        st.segmented_control(
            _("Language"),
            list(LANGUAGES),
            default=language(),
            required=True,
            format_func=LANGUAGES.__getitem__,
            key="language_switch",
            on_change=_switch_language,
            label_visibility="collapsed",
        )
        sidebar_note()
        sign_in.sign_out()


def _switch_language() -> None:
    st.session_state[STATE_KEY] = st.session_state["language_switch"]


def analysis_name() -> str:
    """The open analysis's name; a sample's in the session's language."""
    infos = {info.id: info for info in library.list_analyses()}
    info = infos.get(state.current().analysis)
    return display_name(info) if info else "Reviewscape"


def display_name(info: library.AnalysisInfo) -> str:
    """A library entry's name; a sample's that nobody renamed, in the session's language."""
    return _(info.name) if info.sample else info.name


def labels(infos: Sequence[library.AnalysisInfo]) -> dict[str, str]:
    """A label for each analysis, each its own: Streamlit tells choices apart by what they are called."""
    named = {info.id: display_name(info) + (" · " + _("sample") if info.sample else "") for info in infos}
    repeated = {name for name, times in Counter(named.values()).items() if times > 1}
    return {
        info.id: f"{named[info.id]} · {local_moment(info.created)} · {info.id[:4]}"
        if named[info.id] in repeated
        else named[info.id]
        for info in infos
    }


def current_bundle(*, takes_full_map: bool = False) -> Bundle:
    """The bundle of the open analysis; stops the page with a plain word when there is none or it is damaged.

    A draft has its mark above the page. takes_full_map: the full map takes its place as soon as it is there, unasked.
    """
    analysis = state.current().analysis
    published = library.bundles(analysis) if analysis else []
    if not published:
        _nothing_yet()
    shown = draft.choose(published, by_itself=takes_full_map)
    if shown.is_draft:
        draft.mark(shown, published)
    try:
        bundle = data.shown(analysis, library.bundle_path(analysis, shown.id))
        bundle.points  # noqa: B018  (read now, so that damage shows here and not halfway down a page)
        bundle.summary  # noqa: B018
    except DamagedBundle as error:
        damaged.show(analysis, error)
    damaged.journal_note(analysis)
    return bundle


def _nothing_yet() -> None:
    running = [job for job in jobs.list_active() if job.spec.get("sample")]
    st.title("Reviewscape")
    if running:
        st.write(_("The sample analysis is being prepared. It takes about half a minute, once."))
        show_job(running[0].id, on_done=lambda _job: st.rerun())
    else:
        st.write(_("There is no analysis yet."))
        st.page_link("pages/main/open.py", label=_("Use my file"), icon=":material/upload_file:")
    st.stop()
