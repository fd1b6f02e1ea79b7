"""A real CLIP architecture, tiny, taught for seconds what six colours look like; and pictures of those colours."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from PIL import Image

COLOURS = {
    "red": (200, 30, 30), "green": (30, 160, 40), "blue": (30, 50, 200),
    "yellow": (220, 210, 40), "white": (240, 240, 240), "black": (15, 15, 15),
}  # fmt: skip
SEED = 3
_EDGE = 32
_STEPS = 80


def picture(colour: str, seed: int = 0, size: tuple[int, int] = (90, 60)) -> Image.Image:
    """A noisy picture that is mostly of one colour."""
    random = np.random.default_rng(seed)
    base = np.array(COLOURS[colour], float) + random.normal(0, 12, (size[1], size[0], 3))
    return Image.fromarray(np.clip(base, 0, 255).astype(np.uint8))


def as_bytes(image: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def save(folder: Path) -> Path:
    """Write the model's folder as the hub has one: config, safetensors, tokenizer, processor."""
    import torch
    from transformers import CLIPConfig, CLIPImageProcessorPil, CLIPModel, CLIPProcessor, CLIPTokenizer

    letters = [chr(i) for i in range(33, 127)]
    names = [*letters, *(f"{letter}</w>" for letter in letters), "<|startoftext|>", "<|endoftext|>"]
    vocabulary = {name: i for i, name in enumerate(names)}
    tokenizer = CLIPTokenizer(vocab=vocabulary, merges=[])
    first, last = vocabulary["<|startoftext|>"], vocabulary["<|endoftext|>"]
    layers = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 1, "num_attention_heads": 2}
    marks = {"bos_token_id": first, "eos_token_id": last, "pad_token_id": last}
    torch.manual_seed(SEED)
    model = CLIPModel(
        CLIPConfig(
            text_config={**layers, **marks, "vocab_size": len(names), "max_position_embeddings": 77},
            vision_config={**layers, "image_size": _EDGE, "patch_size": 16},
            projection_dim=16,
        )
    )
    shape = {"size": {"shortest_edge": _EDGE}, "crop_size": {"height": _EDGE, "width": _EDGE}}
    processor = CLIPProcessor(image_processor=CLIPImageProcessorPil(**shape), tokenizer=tokenizer)
    _teach(model, processor)
    model.eval().save_pretrained(folder)
    processor.save_pretrained(folder)
    return folder


def _teach(model: object, processor: object) -> None:
    """CLIP's own loss over one picture and one name of each colour a step."""
    import torch

    optimiser = torch.optim.Adam(model.parameters(), lr=3e-3)
    for step in range(_STEPS):
        batch = processor(
            text=[f"a {colour} thing" if step % 2 else colour for colour in COLOURS],
            images=[picture(colour, seed=1000 + step) for colour in COLOURS],
            return_tensors="pt",
            padding=True,
        )
        loss = model(**batch, return_loss=True).loss
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
