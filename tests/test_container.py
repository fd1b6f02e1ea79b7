"""The container's files: who runs it, what goes in, and what stays out. `.ci/container` does the steps themselves."""

from __future__ import annotations

import subprocess
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader

import pytest
import yaml

from pipelines import settings
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def container():
    loader = SourceFileLoader("container", str(ROOT / ".ci" / "container"))
    module = module_from_spec(spec_from_loader("container", loader))
    with pytest.MonkeyPatch.context() as patch:
        # No compiled copy beside a script.
        patch.setattr("sys.dont_write_bytecode", True)
        loader.exec_module(module)
    return module


def last(container, name: str) -> str:
    return [rest for found, rest in container.instructions() if found == name][-1]


def test_it_runs_as_nobody_with_a_volume_a_health_check_and_signals_handed_on(container):
    names = [name for name, _ in container.instructions()]
    assert names.index("USER") < names.index("CMD")
    assert last(container, "USER") == "reviewscape"
    assert last(container, "VOLUME") == "/data"
    assert "REVIEWSCAPE_HOME=/data/home" in last(container, "ENV")
    assert "/_stcore/health" in last(container, "HEALTHCHECK")
    assert "tini" in last(container, "ENTRYPOINT")
    assert "--server.address=0.0.0.0" in last(container, "CMD")
    assert {name for name in names if name == "FROM"} and names.count("FROM") == 2


def test_only_what_running_needs_is_installed(container):
    installs = [rest for name, rest in container.instructions() if name == "RUN" and "pip install" in rest]
    assert all("requirements-dev" not in rest for rest in installs)
    assert any("-r requirements.txt" in rest for rest in installs)


def test_what_is_copied_is_there_and_nothing_private_is_sent_to_the_builder(container):
    copied = [part for name, rest in container.instructions() if name == "COPY" for part in rest.split()[:-1]]
    for name in (one for one in copied if not one.startswith(("--from", "/"))):
        assert (ROOT / name).exists(), name
    for name in ("app.py", ".streamlit/config.toml", "pipelines/store/backup.py", "locales/zh_CN/LC_MESSAGES/x.mo"):
        assert not container.is_ignored(name), name
    for name in (
        *(
            ".streamlit/secrets.toml",
            ".git/config",
            ".env",
            "tests/conftest.py",
            ".venv/bin/python",
            "demo/report.html",
        ),
        *("pipelines/__pycache__/logs.cpython-311.pyc", "home/analyses/x/journal.jsonl", "compose.yaml"),
    ):
        assert container.is_ignored(name), name


def test_every_package_of_ours_that_runs_is_copied(container):
    """A folder that app.py or the pages need and the Dockerfile forgets is found here, not at a customer's."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    running = {name.split("/")[0] for name in listed if name.endswith((".py", ".js", ".mo", ".csv", ".toml"))}
    running -= {"tests", "benchmarks", "examples", "docs", "pyproject.toml"}
    copied = {part for name, rest in container.instructions() if name == "COPY" for part in rest.split()}
    assert running <= copied


def test_compose_keeps_state_limits_memory_and_takes_rights_away():
    told = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]["reviewscape"]
    assert told["volumes"] == ["data:/data"]
    assert (told["read_only"], told["cap_drop"], told["tmpfs"]) == (True, ["ALL"], ["/tmp"])
    assert told["mem_limit"]
    assert told["ports"][0].startswith("${BIND:-127.0.0.1}")
    known = {setting.variable for setting in settings.SETTINGS}
    assert set(told["environment"]) <= known | {"STREAMLIT_SERVER_ALLOWED_HOSTS"}
