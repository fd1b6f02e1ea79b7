"""The map's interface words, translated in Python and handed to the browser."""

from __future__ import annotations

from collections.abc import Callable

from pipelines.errors import N_

MAP_WORDS: dict[str, str] = {
    "map": N_("Map of the reviews"),
    "about": N_("{n} reviews as points; reviews that say similar things stand close together."),
    "keys": N_(
        "The list of topics and reviews beside the map, and the tables below it, hold the same. "
        "Keys: arrows move, plus and minus zoom, 0 shows all, Escape clears."
    ),
    "keys_found": N_("N and Shift N go through what was found."),
    "no_webgl": N_("This browser cannot draw with the graphics card, so {shown} of {n} reviews are shown, flat."),
    "failed": N_("The map could not be drawn. Reload the page; the list of reviews still works."),
    "loading": N_("Drawing the map …"),
    "no_topic": N_("No clear topic"),
    "no_value": N_("No value"),
    "other": N_("Others"),
    "other_topics": N_("Smaller topics"),
    "outlier": N_("Odd review"),
    "filtered": N_("Outside the filters"),
    "selected": N_("{n} selected"),
    "selected_of": N_("{n} selected, {drawn} of them drawn"),
    "selected_counting": N_("{drawn} of the drawn points selected; counting all …"),
    "showing": N_(
        "Showing {n} of {m} points: the oddest, examples of every topic, and a sample. The shading counts all. "
        "Zoom in for more; a box or lasso selects all points inside, drawn or not."
    ),
    "showing_bare": N_(
        "Showing {n} of {m} points: the oddest, examples of every topic, and a sample. Zoom in for more; a box or "
        "lasso selects all points inside, drawn or not."
    ),
    "showing_deep": N_(
        "Showing {n} of {m} points: the oddest, examples of every topic, and a sample. The flat map (2D) also shades "
        "where all of them lie."
    ),
    "shading": N_("Shading: how many of {n} reviews lie there, up to {most} in one cell (logarithmic)"),
    "clear": N_("Clear selection (Esc)"),
    "hits": N_("{n} found"),
    "hit_of": N_("{i} of {n}"),
    "no_hits": N_("Nothing found"),
    "next_hit": N_("Next (N)"),
    "previous_hit": N_("Previous (Shift N)"),
    "end_search": N_("End the search (Esc)"),
    "no_points": N_("No review to show."),
    "negative": N_("negative"),
    "neutral": N_("neutral"),
    "positive": N_("positive"),
    "core": N_("At the core of its topic"),
    "joined_clearly": N_("Joined: most neighbours are in the topic"),
    "joined_barely": N_("Joined: some neighbours are in the topic"),
    "stability_low": N_("topic hardly comes back"),
    "stability_high": N_("topic always comes back"),
    "map_trust_low": N_("neighbours only look alike"),
    "map_trust_high": N_("neighbours are really alike"),
    "pan": N_("Move"),
    "zoom": N_("Zoom into a box"),
    "box": N_("Select with a box"),
    "lasso": N_("Select with a lasso"),
    "zoom_in": N_("Zoom in"),
    "zoom_out": N_("Zoom out"),
    "reset": N_("Whole map"),
    "orbit": N_("Turn"),
    "outlines": N_("Outlines around topics"),
    "time": N_("Time shown on the map"),
    "play": N_("Play over time"),
    "pause": N_("Stop"),
    "all_times": N_("All times"),
    "only_time": N_("Show only these"),
}


def map_words(gettext: Callable[[str], str]) -> dict[str, str]:
    """Every word the map shows, translated."""
    return {name: gettext(message) for name, message in MAP_WORDS.items()}
