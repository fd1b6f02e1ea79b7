"""The Share page's parts: the report file, links, and table exports."""

from __future__ import annotations

import socket
from dataclasses import replace
from pathlib import Path

import streamlit as st

from pages.ui import access, files, shell, state
from pages.ui.escape import plain
from pages.ui.i18n import _, language, local_moment, n_
from pages.ui.picture import picture
from pages.ui.preview import preview
from pages.ui.share_what import Shared
from pages.ui.told import attempt, plainly
from pipelines import settings, share
from pipelines.export.html import Report, report
from pipelines.export.tables import write_table
from pipelines.export.workbook import losses
from pipelines.store.history import Link
from pipelines.store.reader import Bundle
from pipelines.types import Warning_
from pipelines.view import View

DAYS = (1, 7, 30, 90)


def _file_name(kind: str, bundle: Bundle) -> str:
    return files.stem(shell.analysis_name()) + ("-" + _("draft") if bundle.is_draft else "") + f".{kind}"


def links_wait() -> None:
    """What stands in the place of links while there is only a draft."""
    with st.container(border=True, key="share_link"):
        st.subheader(_("Make a link"))
        st.write(
            _("This is a draft. Links and edits wait for the full map, so that what you pass on stays as it is seen.")
        )


def one_file(bundle: Bundle, shared: Shared) -> None:
    """One HTML file that opens anywhere, without a network."""
    with st.container(border=True, key="share_file"):
        st.subheader(_("Save one file"))
        st.write(
            _(
                "A web page in one file: the map, the topics and their reviews. It opens without a "
                "network, on any computer or phone. With it comes one page of it as a picture."
            )
        )
        if bundle.is_draft:
            st.caption(":material/draw: " + _("The file says that it is a draft."))
        with st.container(horizontal=True):
            redact = st.toggle(
                _("Mask personal data"),
                value=True,
                key="file_redact",
                help=_(
                    "E-mail addresses, phone, ID, card and order numbers and @names are replaced by marks like [phone]"
                ),
            )
            with_text = st.toggle(_("Include review texts"), value=True, key="file_text")
        if not shared.name:
            # The view is the one that knows the note: another analysis, or the back button, brings another.
            st.session_state["share_note"] = shared.view.note
            st.text_input(_("Note for the reader"), max_chars=500, key="share_note", on_change=_keep_note)
        wanted = (bundle.key, repr(shared.view), redact, with_text, language())
        if st.session_state.get("report") != wanted:
            if st.button(_("Prepare the file"), type="primary", key="prepare_file", icon=":material/description:"):
                with st.spinner(_("Writing the file")):
                    is_made = attempt(lambda: _report(*wanted, bundle, shared.view))
                if is_made:
                    st.session_state["report"] = wanted
                    st.rerun()
            return
        # The file itself is not the session's: it is written again where nobody has asked for it for long.
        with st.spinner(_("Writing the file")):
            made = _report(*wanted, bundle, shared.view)
        content, drawing = made.page.encode(), made.picture
        st.download_button(
            _("Save one file ({size} MB)").format(size=f"{len(content) / 1e6:.1f}"),
            content,
            file_name=_file_name("html", bundle),
            mime="text/html",
            type="primary",
            icon=":material/download:",
            on_click="ignore",
            key="save_file",
        )
        is_previewed = st.toggle(_("Preview"), key="file_preview")
        picture(drawing, key="save_picture", file_name=_file_name("png", bundle), preview=is_previewed)
        if is_previewed:
            preview(made.page, key="file_preview_frame", title=_("Preview"))


def _keep_note() -> None:
    state.change(note=st.session_state["share_note"])


@st.cache_resource(max_entries=4, ttl=1800, show_spinner=False)
def _report(key: str, look: str, redact: bool, with_text: bool, spoken: str, _bundle: Bundle, _view: View) -> Report:
    if _bundle.is_draft:
        # The note stands above everything else in the report.
        said = _("Draft: a quick sketch. The full map has other topics and places.")
        _view = replace(_view, note="\n\n".join(part for part in (said, _view.note) if part))
    return report(_bundle, view=_view, redact=redact, allow_text=with_text, language=spoken)


def address() -> tuple[str, str]:
    """The address that links start with, and who can open it from where this server stands."""
    public = str(settings.get("public_url")).rstrip("/")
    port = st.get_option("server.port")
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    path = f"/{base}" if base else ""
    if public:
        return public, _("Everyone who can reach {address} can open it.").format(address=plain(public, 200))
    if access.bound_locally():
        return f"http://localhost:{port}{path}", _("Only this computer can open it: the dashboard answers nobody else.")
    return f"http://{_own_address()}:{port}{path}", _("Everyone on your network who has the link can open it.")


def _own_address() -> str:
    # No packet is sent: connecting a datagram socket only picks the interface that would be used.
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            return str(probe.getsockname()[0])
        except OSError:
            return socket.gethostname()


def link_maker(bundle: Bundle, shared: Shared) -> None:
    """A read-only link to exactly this look."""
    with st.container(border=True, key="share_link"):
        st.subheader(_("Make a link"))
        base, who = address()
        st.write(_("A link opens this one look, read-only, and nothing else.") + " " + who)
        with st.expander(_("How to open it wider")):
            st.markdown(
                _(
                    "Start the dashboard with `make run ADDRESS=0.0.0.0` and your network can open "
                    "links; your own pages then ask "
                    "for the key that the terminal prints. For an address on the internet put it "
                    "behind a web server with TLS and "
                    "set `REVIEWSCAPE_PUBLIC_URL`. To reach people without any of this, save one file."
                )
            )
        left, right = st.columns(2)
        days = left.selectbox(
            _("Open for"), DAYS, index=1, format_func=lambda d: n_("{n} day", "{n} days", d), key="link_days"
        )
        with right:
            redact = st.toggle(_("Mask personal data"), value=True, key="link_redact")
            text = st.toggle(_("Include review texts"), value=True, key="link_text")
            download = st.toggle(
                _("Allow download"),
                value=False,
                key="link_download",
                help=_("Its reader can save the page as one file and, with texts, the reviews in sight as a table."),
            )
        wanted = (bundle.id, shared.view, days, redact, text, download)
        if st.button(_("Make a link"), type="primary", key="make_link", icon=":material/link:"):
            token = share.create_link(
                state.current().analysis,
                shared.view if text else replace(shared.view, quotes=()),
                days=days,
                allow_text=text,
                redact=redact,
                download=download,
                bundle=bundle.id,
                name=shared.name,
            )
            st.session_state["made_link"] = (wanted, f"{base}/?{access.LINK_PARAMETER}={token}")
        made_for, link = st.session_state.get("made_link", (None, ""))
        # Only while it is the link to what the page says: not after another filter or another switch.
        if made_for == wanted:
            st.code(link, language=None)
            st.caption(_("Copy it now: only its fingerprint is kept, so it cannot be shown again."))


@plainly
def _revoke(analysis_id: str, link_id: str) -> None:
    share.revoke(analysis_id, link_id)
    st.session_state.pop("made_link", None)


def links() -> None:
    """The links of this analysis: what they open, until when, how often and when last opened, and the way to close."""
    analysis = state.current().analysis
    open_links = [link for link in share.list_links(analysis) if share.is_open(link)]
    if not open_links:
        return
    with st.container(border=True, key="links"):
        st.subheader(_("Open links ({n})").format(n=len(open_links)))
        for link in open_links:
            with st.container(horizontal=True, vertical_alignment="center", key=f"link_{link.id[:16]}"):
                with st.container(width="stretch", gap=None):
                    st.markdown(plain(" · ".join(_opened(link)), 300))
                    st.caption(plain(" · ".join(_allows(link)), 300))
                st.button(
                    _("Close this link"),
                    key=f"revoke_{link.id}",
                    icon=":material/link_off:",
                    on_click=_revoke,
                    args=(analysis, link.id),
                )


def _opened(link: Link) -> list[str]:
    """When it was made, how often it was opened, and when last."""
    said = [f"“{link.name}”"] if link.name else []
    said.append(_("made {made}").format(made=local_moment(link.created)))
    if not link.opened:
        return [*said, _("not opened yet")]
    said.append(n_("opened {n} time", "opened {n} times", link.opened))
    return [*said, _("last {when}").format(when=local_moment(link.last_opened))] if link.last_opened else said


def _allows(link: Link) -> list[str]:
    """Until when it opens, and what its reader may see and do."""
    return [
        _("until {until}").format(until=local_moment(link.expires)),
        _("with review texts") if link.allow_text else _("without review texts"),
        _("personal data masked") if link.redact else _("personal data not masked"),
        _("download allowed") if link.download else _("no download"),
    ]


@st.cache_data(max_entries=8, show_spinner=False)
def _workbook_losses(path: str, _bundle: Bundle) -> tuple[Warning_, ...]:
    return losses(_bundle.rows[list(_bundle.upload_columns)])


def tables(bundle: Bundle, shared: Shared) -> None:
    """The reviews with what was found, as a table file."""
    with st.container(border=True, key="share_table"):
        st.subheader(_("Take the table"))
        st.write(_("Every row and column of your file, with topic, sentiment and the other results added."))
        left, middle, right = st.columns([2, 1, 1], vertical_alignment="bottom")
        kind = left.segmented_control(
            _("Format"),
            ["csv", "xlsx", "parquet"],
            default="csv",
            required=True,
            format_func=lambda k: {"csv": "CSV", "xlsx": "Excel", "parquet": "Parquet"}[k],
            key="table_kind",
        )
        redact = middle.toggle(_("Mask personal data"), value=True, key="table_redact")
        only = right.toggle(_("Only what is in sight"), value=False, key="table_only")
        bom = kind == "csv" and st.toggle(
            _("For Excel"),
            value=True,
            key="table_bom",
            help=_("Begins the file with a byte-order mark; without it Excel garbles Chinese and emoji."),
        )
        view = shared.view if only else None
        if kind == "xlsx":
            for warning in _workbook_losses(bundle.key, bundle):
                st.caption(":material/warning: " + plain(_(warning.template).format(**warning.values), 300))

        def write(path: Path) -> None:
            write_table(bundle, path, str(kind), view=view, redact=redact, bom=bom)

        st.download_button(
            _("Save the table"),
            lambda: files.made(write),
            file_name=_file_name(str(kind), bundle),
            mime=files.MIME[str(kind)],
            icon=":material/download:",
            on_click="ignore",
            key="save_table",
        )
