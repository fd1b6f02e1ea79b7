"""A sentence-transformers model as files: what decides its vectors, what it says of itself, what is not loaded."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pipelines.errors import N_, UnusableInput

_OWN_MODULES = "sentence_transformers."
_FOR_OTHERS = {"onnx", "openvino"}
"""Folders in which a model brings itself converted for other programs."""


def checked_weights(folder: Path, name: str) -> list[Path]:
    """The safetensors files of a model folder, sorted; raises UnusableInput for other weights or code of its own."""
    found = folder.rglob("*.safetensors")
    weights = sorted(path for path in found if not _FOR_OTHERS & set(path.relative_to(folder).parts))
    if not weights or not ((folder / "config.json").is_file() or (folder / "modules.json").is_file()):
        raise UnusableInput(
            N_(
                "“{name}”: {folder} holds no model with safetensors weights. "
                "Other weights are not loaded: they can run code."
            ),
            name=name,
            folder=folder,
        )
    foreign = [kind for kind in _module_types(folder) if not kind.startswith(_OWN_MODULES)]
    if foreign:
        raise UnusableInput(
            N_("“{name}” needs code of its own ({module}), which is not run."), name=name, module=foreign[0]
        )
    return weights


def deciding_files(folder: Path, weights: Sequence[Path]) -> list[Path]:
    """Weights, settings and vocabularies of the model and its modules, sorted: other ones make other vectors."""
    kinds = ("*.json", "*.txt", "*.model")
    beside = {path for kind in kinds for place in (kind, f"*/{kind}") for path in folder.glob(place) if path.is_file()}
    return sorted({*weights, *(path for path in beside if path.parent.name not in _FOR_OTHERS)})


def tokenizer_file(folder: Path) -> Path:
    """The tokenizer.json of the module that reads the text; it need not exist."""
    modules = read_json(folder / "modules.json", [])
    first = modules[0] if isinstance(modules, list) and modules and isinstance(modules[0], dict) else {}
    own = folder / str(first.get("path", "")) / "tokenizer.json"
    return own if own.is_file() else folder / "tokenizer.json"


def is_table(folder: Path) -> bool:
    """Whether the model is a table of token vectors (StaticEmbedding) and not a network."""
    return any(kind.endswith(".StaticEmbedding") for kind in _module_types(folder)[:1])


def read_json(path: Path, default: Any) -> Any:
    """What a JSON file holds, `default` where there is none; raises UnusableInput for one that does not read."""
    try:
        return json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return default
    except (OSError, ValueError) as error:
        raise UnusableInput(N_("{path} does not read as JSON."), path=path) from error


def _module_types(folder: Path) -> list[str]:
    modules = read_json(folder / "modules.json", [])
    listed = modules if isinstance(modules, list) else []
    return [str(module.get("type", "")) for module in listed if isinstance(module, dict)]
