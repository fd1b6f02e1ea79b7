"""Entry point: page config, who may see what, navigation. Run with `streamlit run app.py`."""

import streamlit as st

from pages.ui import access, go, offered, server, shell, sign_in, told, upload
from pages.ui.i18n import _
from pipelines.store import acting


def run() -> None:
    """One run of the page that a browser looks at."""
    st.set_page_config(page_title="Reviewscape", page_icon="static/icon.svg", layout="wide")

    if access.asked_for_link():
        # A link opens one view and nothing else: no other page is registered for this visitor.
        page = st.navigation([st.Page("pages/shared/view.py", title=_("Shared view"), default=True)], position="hidden")
        page.run()
        st.stop()

    access.require_owner()
    shell.start()

    main = [
        st.Page("pages/main/overview.py", title=_("Overview"), icon=":material/dashboard:", default=True),
        st.Page("pages/main/map.py", title=_("Map"), icon=":material/bubble_chart:", url_path="map"),
        st.Page("pages/main/ask.py", title=_("Ask"), icon=":material/manage_search:", url_path="ask"),
        st.Page("pages/main/compare.py", title=_("Compare"), icon=":material/compare_arrows:", url_path="compare"),
        st.Page("pages/main/check.py", title=_("Check"), icon=":material/fact_check:", url_path="check"),
        st.Page("pages/main/share.py", title=_("Share"), icon=":material/ios_share:", url_path="share"),
        st.Page("pages/main/open.py", title=_("Open"), icon=":material/folder_open:", url_path="open"),
        st.Page("pages/main/add.py", title=_("Add reviews"), url_path="add", visibility="hidden"),
    ]
    if sign_in.is_on():
        main.append(
            st.Page("pages/main/colleague.py", title=_("From colleagues"), url_path="colleague", visibility="hidden")
        )
    there = offered.pages()
    more = [
        st.Page("pages/more/models.py", title=_("Models"), icon=":material/neurology:", url_path="models"),
        st.Page("pages/more/lab.py", title=_("Lab"), icon=":material/science:", url_path="lab"),
        st.Page(
            "pages/more/recommend.py",
            title=_("Recommend"),
            icon=":material/recommend:",
            url_path="recommend",
            visibility=there.recommend,
        ),
        st.Page(
            "pages/more/pictures.py",
            title=_("Pictures"),
            icon=":material/image_search:",
            url_path="pictures",
            visibility=there.pictures,
        ),
    ]
    if acting.is_machine():
        storage = st.Page("pages/more/storage.py", title=_("Storage and load"), icon=":material/monitoring:")
        more.append(storage)
    page = st.navigation({"": main, _("More"): more}, position="sidebar")
    shell.sidebar()
    if page.url_path != "open":
        upload.leave()
    go.resume(page.url_path)
    page.run()


if __name__ == "__main__":
    # Streamlit runs this file anew for every click …
    told.run(run)
else:
    # … and imports it once, as the server.
    app = st.App(__file__, lifespan=server.lifespan, routes=server.routes(), on_script_error=server.on_script_error)
