"""Colours can be told apart by everyone, in both themes."""

import itertools

import pytest

from pipelines import palette


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("vision", palette.VISIONS)
def test_any_two_categories_and_the_page_differ(theme, vision):
    greys = palette.GREYS[theme]
    colours = (*palette.CATEGORIES[theme], greys["page"], greys["missing"])
    assert palette.smallest_distance(colours, vision) >= 0.083


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_scales_change_lightness_one_way(theme):
    lightness = palette.oklab(palette.SEQUENTIAL[theme])[:, 0]
    steps = [b - a for a, b in itertools.pairwise(lightness)]
    assert all(step < 0 for step in steps) or all(step > 0 for step in steps)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("vision", palette.VISIONS)
def test_the_ends_of_the_diverging_scale_differ_most(theme, vision):
    lab = palette.oklab(palette.DIVERGING[theme], vision)
    middle = len(lab) // 2
    for end in (0, -1):
        assert ((lab[end] - lab[middle]) ** 2).sum() ** 0.5 > 0.15
    assert ((lab[0] - lab[-1]) ** 2).sum() ** 0.5 > 0.15


def test_every_colour_is_well_formed():
    for theme in ("light", "dark"):
        scales = [*palette.SEQUENTIAL[theme], *palette.DIVERGING[theme]]
        every = [*palette.CATEGORIES[theme], *palette.GREYS[theme].values(), *scales]
        assert all(len(colour) == 7 and colour[0] == "#" and int(colour[1:], 16) >= 0 for colour in every)
