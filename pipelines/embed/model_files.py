"""A sentence-transformers model as files: what decides its vectors, what it says of itself, what is not loaded."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pipelines.embed.prompts import Prompts
from pipelines.errors import N_, UnusableInput

_OWN_MODULES = "sentence_transformers."
_PICKLED = "pytorch_model.bin"
"""What a module of sentence-transformers takes where it has no safetensors of its own."""
_FOR_OTHERS = {"onnx", "openvino"}
"""Folders in which a model brings itself converted for other programs."""


def checked_weights(folder: Path, name: str) -> list[Path]:
    """The safetensors files of a model folder, sorted; raises UnusableInput for other weights or code of its own."""
    found = folder.rglob("*.safetensors")
    weights = sorted(path for path in found if not _FOR_OTHERS & set(path.relative_to(folder).parts))
    has_model = (folder / "config.json").is_file() or (folder / "modules.json").is_file()
    without = [part for part in _module_folders(folder) if (part / _PICKLED).exists() and not _has_weights(part)]
    if not weights or not has_model or without:
        raise UnusableInput(
            N_(
                "“{name}”: {folder} holds no model with safetensors weights. "
                "Other weights are not loaded: they can run code."
            ),
            name=name,
            folder=without[0] if without else folder,
        )
    foreign = [kind for kind in _module_types(folder) if not kind.startswith(_OWN_MODULES)]
    if foreign:
        raise UnusableInput(
            N_("“{name}” needs code of its own ({module}), which is not run."), name=name, module=foreign[0]
        )
    return weights


def is_whole(folder: Path) -> bool:
    """Whether nothing is missing of a sentence-transformers model, or of one with a head for classes.

    A download can have been cut.
    """
    try:
        weights = checked_weights(folder, folder.name)
        classes = has_classes(folder) and not (folder / "modules.json").exists()
        modules = [] if classes else json.loads((folder / "modules.json").read_text("utf-8"))
        shards = [
            folder / shard
            for index in folder.glob("*.safetensors.index.json")
            for shard in set(json.loads(index.read_text("utf-8"))["weight_map"].values())
        ]
        # Normalize has nothing to keep, so the hub has no folder for it.
        parts = [folder / str(part["path"]) for part in modules if not str(part["type"]).endswith(".Normalize")]
        # A link whose file was cleared away is no file.
        return (
            (bool(parts) or classes)
            and all(path.is_file() for path in [*weights, *shards])
            and all(any(inner.is_file() for inner in part.iterdir()) for part in parts)
            and any((folder / name).is_file() for name in ("tokenizer.json", "0_StaticEmbedding/tokenizer.json"))
        )
    except (UnusableInput, OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return False


def has_classes(folder: Path) -> bool:
    """Whether a model sorts texts into classes, by its configuration."""
    config = read_json(folder / "config.json", {})
    kinds = config.get("architectures") if isinstance(config, dict) else None
    return any(str(kind).endswith("ForSequenceClassification") for kind in kinds or ())


def deciding_files(folder: Path, weights: Sequence[Path]) -> list[Path]:
    """Weights, settings and vocabularies of the model and its modules, sorted: other ones make other vectors."""
    kinds = ("*.json", "*.txt", "*.model")
    beside = {path for kind in kinds for place in (kind, f"*/{kind}") for path in folder.glob(place) if path.is_file()}
    return sorted({*weights, *(path for path in beside if path.parent.name not in _FOR_OTHERS)})


def numbers_per_token(weights: Sequence[Path]) -> int:
    """Numbers of a model that every token is multiplied with: all but its tables of tokens and places.

    Only the heads of the files are read; 0 for files that do not read, which loading tells better.
    """
    from safetensors import SafetensorError, safe_open

    count = 0
    try:
        for path in weights:
            with safe_open(path, framework="numpy") as file:
                layers = [name for name in file.keys() if "embed" not in name]  # noqa: SIM118  (no mapping)
                count += sum(math.prod(file.get_slice(name).get_shape()) for name in layers)
    except (OSError, SafetensorError):
        return 0
    return count


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


def own_prompts(folder: Path) -> Prompts:
    """The prompts for queries and documents that a model's configuration names so; bare where it names none."""
    found = read_json(folder / "config_sentence_transformers.json", {}).get("prompts") or {}
    return Prompts(found.get("query") or "", found.get("document") or found.get("passage") or "")


def _has_weights(part: Path) -> bool:
    return any(part.glob("*.safetensors"))


def _module_types(folder: Path) -> list[str]:
    return [str(module.get("type", "")) for module in _modules(folder)]


def _module_folders(folder: Path) -> list[Path]:
    return [folder / str(module.get("path", "")) for module in _modules(folder)]


def _modules(folder: Path) -> list[dict[str, Any]]:
    modules = read_json(folder / "modules.json", [])
    return [module for module in modules if isinstance(module, dict)] if isinstance(modules, list) else []
