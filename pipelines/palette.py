"""Colours for maps and charts, light and dark: categories that colour-blind readers tell apart, and continuous scales.

CATEGORIES were found by search: over OKLab (Ottosson 2020), any two of a theme's twelve colours, its page and its greys
stay at least 0.085 apart, as seen with normal vision and under full protanopia, deuteranopia and tritanopia (Machado et
al. 2009, "A Physiologically-based Model for Simulation of Color Vision Deficiency"). The scales change lightness one
way (or both ways from the middle), so they survive grey printing too.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

Theme = Literal["light", "dark"]

CATEGORIES: dict[Theme, tuple[str, ...]] = {
    "light": (
        "#716df6", "#fb901b", "#1e7672", "#c0180a", "#dd88f1", "#9d8026",
        "#85204a", "#3aa787", "#6e2eb6", "#5edb81", "#c14abb", "#3c4a79",
    ),
    "dark": (
        "#35c3fb", "#f18800", "#8cb383", "#aa7cf1", "#cc2a1b", "#cef034",
        "#e398ca", "#1c69e3", "#f7c49b", "#ad36a7", "#4afbf2", "#b67780",
    ),
}  # fmt: skip
"""Twelve colours a theme, in the order they are given out."""

GREYS: dict[Theme, dict[str, str]] = {
    "light": {"page": "#ffffff", "text": "#262730", "faint": "#dfe2e7", "missing": "#b4b9c1", "other": "#868d99"},
    "dark": {"page": "#0e1117", "text": "#fafafa", "faint": "#2b3039", "missing": "#5b616b", "other": "#9097a3"},
}
"""page: behind the map; faint: points outside the filters; missing: no value or no topic; other: the rest category."""

SEQUENTIAL: dict[Theme, tuple[str, ...]] = {
    "light": ("#e8d9a0", "#b8c488", "#7fae86", "#47918b", "#2a7085", "#264d75", "#24285a"),
    "dark": ("#32406e", "#2f6285", "#37848c", "#5ba48a", "#93bf88", "#cdd58f", "#fdf0b5"),
}
"""Low to high; the end nearest to the page colour is the low one."""

DIVERGING: dict[Theme, tuple[str, ...]] = {
    "light": ("#a4401b", "#d0743c", "#e9b48b", "#d3d0cc", "#93b9dc", "#4689c4", "#1b5a9c"),
    "dark": ("#ff9d5c", "#d9743a", "#96573c", "#55565c", "#3d6590", "#4a92cf", "#7cc4ff"),
}
"""Negative to positive: orange to blue, which every kind of colour blindness keeps apart."""

# Machado et al. 2009, severity 1.0, on linear RGB.
_SIMULATION: dict[str, NDArray[np.float64]] = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
VISIONS = tuple(_SIMULATION)

_LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def rgb(colours: tuple[str, ...]) -> NDArray[np.float64]:
    """#rrggbb strings as (n, 3) values 0…1."""
    return np.array([[int(colour[i : i + 2], 16) for i in (1, 3, 5)] for colour in colours], dtype=float) / 255


def oklab(colours: tuple[str, ...], vision: str = "normal") -> NDArray[np.float64]:
    """#rrggbb strings as (n, 3) OKLab coordinates (Ottosson 2020) as seen with one of VISIONS."""
    coded = rgb(colours)
    linear = np.where(coded <= 0.04045, coded / 12.92, ((coded + 0.055) / 1.055) ** 2.4)
    seen = np.clip(linear @ _SIMULATION[vision].T, 0, 1)
    return np.cbrt(seen @ _LMS.T) @ _LAB.T


def smallest_distance(colours: tuple[str, ...], vision: str = "normal") -> float:
    """The OKLab distance of the two most alike of at least two colours."""
    lab = oklab(colours, vision)
    distance = np.linalg.norm(lab[:, None] - lab[None], axis=2)
    np.fill_diagonal(distance, np.inf)
    return float(distance.min())


def theme(dark: bool) -> Theme:
    """The theme's name."""
    return "dark" if dark else "light"
