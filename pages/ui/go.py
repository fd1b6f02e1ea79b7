"""Go to another page by the browser's own click on a link.

st.switch_page changes the page on the server. A timed fragment's request that is on its way from the old page then
arrives after it, is run for the old page, and the browser empties the new one (Streamlit 1.67; it stops its timers
only where the browser itself changes the page, streamlit#9617). With the click the browser stops its timers first.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn

import streamlit as st

from pages.ui.i18n import _

KEY = "going"
_GOING, _HERE, _PLACE = "going_to", "page_here", "going_place"
# The link is for where no script runs: seen only when nothing has happened for a while. The script may run before the
# link is drawn, some frames at most.
_CLICK = f"""<style>
@keyframes appear {{ from {{ opacity: 0; }} to {{ opacity: 1; }} }}
.st-key-{KEY} {{ animation: appear 0.2s 1.5s both; }}
</style><script>
(() => {{
  let tries = 0;
  const click = () => {{
    const link = document.querySelector(".st-key-{KEY} a");
    if (link) link.click();
    else if (tries++ < 120) requestAnimationFrame(click);
  }};
  click();
}})();
</script>"""


def to(page: str, before: Callable[[], None] | None = None) -> NoReturn:
    """Leave for another page of the app; ends the run. Where no script may run, a link is there to follow.

    before: what has to be done first (it may change the address; done twice, it does no harm). Another request that
    comes meanwhile ends such a run before the link is drawn: what was meant is remembered, and the next run of the
    page does it (`resume`). The link stands above the page: a timed fragment that runs once more draws over what stands
    where it stood, and no link there would be clicked any more.
    """
    st.session_state[_GOING] = (st.session_state.get(_HERE), page, before)
    if before is not None:
        before()
    with st.session_state[_PLACE]:
        st.page_link(page, label=_("Go on"), icon=":material/arrow_forward:")
        st.html(_CLICK, unsafe_allow_javascript=True)
    st.stop()


def later(page: str, before: Callable[[], None] | None = None) -> NoReturn:
    """Leave for another page from where no link can be drawn, such as a dialog: the page's own next run does it."""
    st.session_state[_GOING] = (st.session_state.get(_HERE), page, before)
    st.rerun()


def here() -> str:
    """The path of the page that is shown."""
    return str(st.session_state.get(_HERE) or "overview")


def resume(here: str) -> None:
    """Go on leaving the page at the path `here`, where the run that meant to was cut short.

    app.py calls it before the page, not in a fragment, and so keeps the place of the link, unseen while it is empty.
    """
    st.session_state[_PLACE] = st.container(key=KEY)
    going = st.session_state.get(_GOING)
    st.session_state[_HERE] = here
    if going is not None and going[0] == here:
        to(*going[1:])
    st.session_state.pop(_GOING, None)
