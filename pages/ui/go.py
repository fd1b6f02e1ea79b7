"""Go to another page by the browser's own click on a link.

st.switch_page changes the page on the server. A timed fragment's request that is on its way from the old page then
arrives after it, is run for the old page, and the browser empties the new one (Streamlit 1.67; it stops its timers
only where the browser itself changes the page, streamlit#9617). With the click the browser stops its timers first.
"""

from __future__ import annotations

from typing import NoReturn

import streamlit as st

from pages.ui.i18n import _

KEY = "going"
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


def to(page: str) -> NoReturn:
    """Leave for another page of the app; ends the run. Where no script may run, a link is there to follow."""
    with st.container(key=KEY):
        st.page_link(page, label=_("Go on"), icon=":material/arrow_forward:")
    st.html(_CLICK, unsafe_allow_javascript=True)
    st.stop()
