"""What was understood of an uploaded file, with every guess open to correction, and the one button that starts."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from pages.ui.escape import plain
from pages.ui.i18n import _, n_
from pipelines import ingest, jobs, settings, uploads
from pipelines.config import PROJECTIONS, UNITS, AnalyzeConfig
from pipelines.errors import ReviewscapeError
from pipelines.types import Reviews

ROLE_ORDER = ("text", "rating", "date", "item", "user", "title")
PREVIEW_ROWS = 5
ENCODINGS = ("utf-8", "gb18030", "big5", "utf-16", "cp1252", "shift_jis", "euc_kr")
DELIMITERS = {",": ",", ";": ";", "\t": "Tab", "|": "|"}
SURE = 0.6
"""Below this a guessed role is shown as unsure."""


def role_names() -> dict[str, str]:
    """The roles in plain words."""
    return {
        "text": _("Review text"),
        "rating": _("Stars"),
        "date": _("Date"),
        "item": _("Product or store"),
        "user": _("User"),
        "title": _("Title"),
    }


def is_remote(embedder: str) -> bool:
    """Whether a model of this name runs at a provider."""
    return embedder.split(":")[0].strip() in ("dashscope", "openai")


def _own_words() -> str:
    """A style that says the uploader's fixed English words in the session's language."""
    button = _("Choose a file")
    hint = _("up to {n} MB, CSV, TSV or TXT").format(n=settings.get_int("max_file_mb"))
    return f"""<style>
.st-key-upload [data-testid="stFileUploaderDropzone"] button p {{ font-size: 0; }}
.st-key-upload [data-testid="stFileUploaderDropzone"] button p::after {{ content: "{button}"; font-size: 0.875rem; }}
.st-key-upload [data-testid="stFileUploaderDropzoneInstructions"] span {{ font-size: 0; }}
.st-key-upload [data-testid="stFileUploaderDropzoneInstructions"] span::after {{ content: "{hint}"; font-size: 14px; }}
</style>"""


def drop_zone() -> None:
    """The uploader and, once there is a file, what was understood of it."""
    st.html(_own_words())
    uploaded = st.file_uploader(
        _("Drop a CSV file of reviews here"),
        type=["csv", "tsv", "txt"],
        max_upload_size=settings.get_int("max_file_mb"),
        key="upload",
        help=_("Any encoding and delimiter. The file stays on this computer."),
    )
    if uploaded is None:
        return
    path = _stored(uploaded)
    options = _options()
    try:
        reviews = understood(str(path), options)
    except ReviewscapeError as error:
        st.error(plain(error.translated(_), 1000))
        _corrections(None)
        return
    _sentence(reviews)
    _preview(reviews)
    _corrections(reviews)
    config = _advanced()
    _start(path, uploaded.name, options, config, reviews)


def _stored(uploaded: UploadedFile) -> Path:
    """The upload in the state folder, written once; corrections made to another upload are forgotten."""
    known = st.session_state.get("upload_file")
    if known is not None and known[0] == uploaded.file_id and known[1].exists():
        return Path(known[1])
    path = uploads.keep(uploaded.getvalue())
    st.session_state["upload_file"] = (uploaded.file_id, path)
    if st.session_state.get("upload_path") != path:
        for key in [k for k in st.session_state if str(k).startswith("fix_")]:
            del st.session_state[key]
        st.session_state["upload_path"] = path
    return path


def _options() -> ingest.IngestOptions:
    """What the person corrected so far; the widgets below write it."""
    roles = {
        role: st.session_state[f"fix_{role}"] or None
        for role in ROLE_ORDER
        if f"fix_{role}" in st.session_state and st.session_state.get(f"fix_{role}_touched")
    }
    return ingest.IngestOptions(
        encoding=st.session_state.get("fix_encoding") or None,
        delimiter=st.session_state.get("fix_delimiter") or None,
        roles=roles or None,
    )


@st.cache_resource(max_entries=2, show_spinner=False)
def _read(path: str, encoding: str | None, delimiter: str | None, roles: tuple[tuple[str, str | None], ...]) -> Reviews:
    return ingest.ingest(
        Path(path), ingest.IngestOptions(encoding=encoding, delimiter=delimiter, roles=dict(roles) or None)
    )


def understood(path: str, options: ingest.IngestOptions) -> Reviews:
    """The reviews of an upload; kept for the last two uploads. Raises UnusableInput."""
    with st.spinner(_("Reading the file")):
        return _read(path, options.encoding, options.delimiter, tuple((options.roles or {}).items()))


def _sentence(reviews: Reviews) -> None:
    table = reviews.table
    text = reviews.roles.get("text") or ""
    understood_as = _("{encoding} · {reviews} · review text = “{column}”").format(
        encoding=table.encoding.upper(),
        reviews=n_("{n} review", "{n} reviews", int(reviews.kept.sum())),
        column=plain(text),
    )
    # What is chosen further down may send texts to a provider: then this is no place to promise otherwise.
    promise = (
        "" if is_remote(st.session_state.get("expert_embedder", "")) else " · " + _("nothing leaves this computer")
    )
    st.success(understood_as + promise, icon=":material/task_alt:")
    left_out = len(reviews.text) - int(reviews.kept.sum())
    if left_out:
        reasons = {
            "empty": _("no text"),
            "too_short": _("too short"),
            "symbols": _("only symbols"),
            "default_praise": _("written by the platform, not by a person"),
        }
        counts = pd.Series(reviews.reason).value_counts()
        detail = ", ".join(f"{reasons.get(str(r), r)}: {n:,}" for r, n in counts.items() if r)
        st.caption(n_("{n} row is left out", "{n} rows are left out", left_out) + f" ({detail})")
    for warning in (*table.warnings, *reviews.warnings)[:5]:
        st.caption("⚠ " + plain(_(warning.template).format(**warning.values), 300))


def _preview(reviews: Reviews) -> None:
    roles = {column: role for role, column in reviews.roles.columns.items() if column}
    names = role_names()
    shown = reviews.table.frame.head(PREVIEW_ROWS)
    st.dataframe(
        shown,
        hide_index=True,
        height="content",
        column_config={
            column: st.column_config.TextColumn(
                f"{column} · {names[roles[column]]}" if roles.get(column) in names else column,
                width="large" if roles.get(column) == "text" else None,
            )
            for column in shown.columns
        },
        column_order=sorted(shown.columns, key=lambda c: c not in roles),
        key="preview",
    )


def _touched(role: str) -> None:
    st.session_state[f"fix_{role}_touched"] = True


def _corrections(reviews: Reviews | None) -> None:
    with st.expander(_("Not right? Correct the columns"), expanded=reviews is None, icon=":material/tune:"):
        if reviews is not None:
            columns = list(reviews.table.frame.columns)
            grid = st.columns(3)
            for i, (role, name) in enumerate(role_names().items()):
                guessed = reviews.roles.get(role)
                confidence = reviews.roles.confidence.get(role, 1.0)
                unsure = guessed is not None and confidence < SURE
                options = columns if role == "text" else ["", *columns]
                if not st.session_state.get(f"fix_{role}_touched"):
                    # A correction elsewhere makes the other guesses anew: what is shown is what is used.
                    st.session_state[f"fix_{role}"] = guessed if guessed in options else options[0]
                grid[i % 3].selectbox(
                    name + (" · " + _("not sure") if unsure else ""),
                    options,
                    format_func=lambda c: c or "—",
                    key=f"fix_{role}",
                    on_change=_touched,
                    args=(role,),
                )
        left, right = st.columns(2)
        left.selectbox(
            _("Encoding"),
            ["", *ENCODINGS],
            format_func=lambda e: e or _("found out by itself"),
            key="fix_encoding",
        )
        right.selectbox(
            _("Delimiter"),
            ["", *DELIMITERS],
            format_func=lambda d: DELIMITERS.get(d, _("found out by itself")),
            key="fix_delimiter",
        )


def _advanced() -> AnalyzeConfig:
    with st.expander(_("For experts"), icon=":material/science:"):
        left, right = st.columns(2)
        embedder = left.text_input(
            _("Model (embedder)"),
            value="auto",
            key="expert_embedder",
            help="auto · bundled · offline-zh · st:<hub id or folder> · dashscope:text-embedding-v4 · ollama:<model>",
        )
        unit_names = {"review": _("whole reviews"), "sentence": _("sentences")}
        unit = right.selectbox(
            _("What to place on the map"), UNITS, format_func=lambda u: unit_names[u], key="expert_unit"
        )
        projection = left.selectbox(
            _("Map method (projection)"), PROJECTIONS, format_func=str.upper, key="expert_projection"
        )
        size = right.number_input(
            _("Smallest topic (min_cluster_size); 0 = chosen from the data"), min_value=0, value=0, key="expert_size"
        )
    return AnalyzeConfig(
        embedder=embedder.strip() or "auto",
        unit=unit,
        projection=projection,
        min_cluster_size=int(size) if size >= 2 else None,
    )


def _start(path: Path, name: str, options: ingest.IngestOptions, config: AnalyzeConfig, reviews: Reviews) -> None:
    rows = len(reviews.text)
    if rows > settings.get_int("max_rows"):
        st.error(
            _(
                "{n} rows are more than the {limit} that the dashboard takes: use the command line, "
                "python -m pipelines analyze."
            ).format(n=f"{rows:,}", limit=f"{settings.get_int('max_rows'):,}")
        )
        return
    if not reviews.kept.any():
        st.error(_("No usable review in this column. Choose another one above."))
        return
    remote = is_remote(config.embedder)
    agreed = True
    if remote:
        texts = {text for text, kept in zip(reviews.text, reviews.kept, strict=True) if kept}
        st.warning(
            _(
                "This model runs at a provider: {n} texts (about {tokens} tokens) would be sent "
                "there, and may cost money."
            ).format(n=f"{len(texts):,}", tokens=f"{sum(map(len, texts)) // 2:,}")
        )
        agreed = st.checkbox(_("Send them"), key=f"agree_paid_{path.stem}_{config.embedder}")
    if st.button(_("Start"), type="primary", key="start", icon=":material/play_arrow:", disabled=not agreed):
        st.session_state["job"] = jobs.submit(
            {
                "uploads": [{"path": str(path), "name": name}],
                "name": name,
                "options": {
                    "encoding": options.encoding,
                    "delimiter": options.delimiter,
                    "roles": dict(options.roles or {}) or None,
                },
                "config": config.as_dict(),
                "allow_paid": remote and agreed,
            }
        )
        st.rerun()
