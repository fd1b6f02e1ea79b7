"""The report's interface words, translated in Python and handed to the browser."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pipelines.errors import N_
from pipelines.view import UPLOAD_PREFIX, Filter, describe

REPORT_WORDS: dict[str, str] = {
    "reviews": N_("Reviews"),
    "topics": N_("Topics"),
    "coverage": N_("Share with a topic"),
    "mean_rating": N_("Mean stars"),
    "mean_sentiment": N_("Mean sentiment"),
    "findings": N_("What stands out"),
    "note": N_("Note"),
    "filters": N_("Only reviews with"),
    "map_title": N_("Map"),
    "colour": N_("Colour"),
    "search": N_("Find words in the reviews"),
    "search_go": N_("Find"),
    "found": N_("Reviews with “{words}”"),
    "close": N_("Back to the topics"),
    "mentions": N_("Mentions"),
    "mentions_about": N_("Sentences and clauses about it: a review can mention a topic several times"),
    "share": N_("Of all"),
    "stars": N_("Stars"),
    "sentiment": N_("Sentiment"),
    "stability": N_("How sure"),
    "stability_about": N_("How well the topic comes back when a tenth of the reviews is left out; 1 is best"),
    "topic": N_("Topic"),
    "no_topic": N_("No clear topic"),
    "keywords": N_("Words: {words}"),
    "selected_reviews": N_("Selected reviews"),
    "page_of": N_("{from}–{to} of {n}"),
    "previous": N_("Previous"),
    "next": N_("Next"),
    "no_text": N_("The texts of the reviews are not part of this file."),
    "outside": N_("Outside the filters: its text is not part of this file."),
    "old_browser": N_("This browser is too old to unpack the reviews: open the file in a newer one."),
    "nothing": N_("Nothing found."),
    "sentiment_title": N_("Sentiment"),
    "sentiment_about": N_("Reviews by how they sound, from −1 (negative) to 1 (positive)"),
    "by_topic": N_("By topic"),
    "over_time": N_("Over time"),
    "rating_title": N_("Stars"),
    "number": N_("Reviews"),
    "quotes_title": N_("Quotes"),
    "on_map": N_("Show on map"),
    "of_five": N_("{n} of 5 stars"),
    "row": N_("row {n}"),
    "moves_title": N_("Impact and trend"),
    "moves_about": N_(
        "Against the rest: the mean of the reviews with the topic minus that of the reviews without it, with its 95 % "
        "interval. Over time: its share in the earliest and in the latest third of the reviews. A difference is no "
        "proof of a cause."
    ),
    "moves_rating": N_("Stars against the rest"),
    "moves_sentiment": N_("Sentiment against the rest"),
    "moves_verdict": N_("Verdict"),
    "moves_trend": N_("Share over time"),
    "odd_title": N_("Odd reviews"),
    "odd_about": N_(
        "Far from every other review. They can be mistakes, another subject, or a first sign of something new."
    ),
    "oddness": N_("Oddness"),
    "nearest": N_("Most similar"),
    "duplicates_title": N_("Duplicates"),
    "spot": N_("Checked by hand"),
    "duplicates_about": N_("Texts that are equal or nearly equal; counted in every figure, placed once on the map."),
    "times": N_("{n} times"),
    "by_users": N_("{n} users"),
    "in_days": N_("{n} days apart"),
    "show_all": N_("Show them"),
    "made_title": N_("How this was made"),
    "dark": N_("Dark or light"),
    "two": N_("2D"),
    "three": N_("3D"),
    "similarity": N_("{n} alike"),
    "offline": N_("One file, made with Reviewscape; it loads nothing from anywhere."),
    "picture": N_("Save picture"),
    "picture_about": N_("One page as a picture (PNG): the map, the topics and a few reviews"),
    "of_total": N_("{n} of {total} reviews"),
    "more_topics": N_("and {n} more topics"),
    "typical": N_("Typical reviews"),
    "skip": N_("To the list of topics"),
}

COLUMN_WORDS: dict[str, str] = {
    "topic": N_("Topic"),
    "cluster": N_("Topic"),
    "sentiment": N_("Sentiment"),
    "sentiment_label": N_("Sentiment"),
    "rating": N_("Stars"),
    "date": N_("Date"),
    "user": N_("User"),
    "item": N_("Product"),
    "language": N_("Language"),
    "outlier_score": N_("Oddness"),
    "is_outlier": N_("Odd review"),
    "joined": N_("Joined"),
    "text": N_("Text"),
    "duplicate_of": N_("Duplicate"),
    "cluster_strength": N_("How well it fits its topic"),
    "row_id": N_("Row"),
    "belonging": N_("How clearly it belongs"),
    "stability": N_("How sure its topic is"),
    "map_trust": N_("Map trust"),
    "map_trust_3d": N_("Map trust"),
}

ODD_ALONE = N_("Its nearest review is only {nearest} alike; a usual review has one at {usual}.")
ODD_FAR = N_("On average its ten nearest reviews are {mean} alike; for a usual review it is {usual}.")
BURST = N_("A burst: {k} of them between {start} and {end}, where the file's own rate would put {expected}.")
ODD_PLAIN = N_("Further from the others than {share} of all reviews.")
_MOST_VALUES = 3


def report_words(gettext: Callable[[str], str]) -> dict[str, str]:
    """Every word the report shows, translated."""
    return {name: gettext(message) for name, message in REPORT_WORDS.items()}


def column_word(column: str, gettext: Callable[[str], str]) -> str:
    """A column in plain words; one of the upload's (prefix "row:") by its own name."""
    if column.startswith("row:"):
        return column.removeprefix("row:")
    return gettext(COLUMN_WORDS[column]) if column in COLUMN_WORDS else column


def hides_values(item: Filter, roles: Mapping[str, str | None], *, redact: bool, allow_text: bool) -> bool:
    """Whether a filter's values may not be shown to the person it is shared with.

    redact: a user's name and every cell of the upload stay here. allow_text=False: whole texts and titles do; words
    that somebody looked for are their own.
    """
    if redact and (item.column == "user" or item.column.startswith(UPLOAD_PREFIX)):
        return True
    texts = {UPLOAD_PREFIX + column for role in ("text", "title") if (column := roles.get(role))}
    return not allow_text and item.op != "contains" and (item.column == "text" or item.column in texts)


def filter_words(
    item: Filter, topics: Mapping[str, str], gettext: Callable[[str], str], *, hidden: bool = False
) -> str:
    """A filter as a person reads it: "Topic: late delivery". topics: names by id. hidden: "…" for its values."""
    parts = describe(item)
    values = ["…"] if hidden else list(parts.values)
    if item.column == "cluster":
        values = [topics.get(value, gettext(N_("No clear topic"))) for value in values]
    elif item.column == "sentiment_label":
        values = [gettext(value) if value else value for value in values]
    if parts.op == "between":
        text = " – ".join(value or "…" for value in values)
    else:
        text = ", ".join(value or gettext(N_("No value")) for value in values[:_MOST_VALUES])
        text += f" +{len(values) - _MOST_VALUES}" if len(values) > _MOST_VALUES else ""
    joint = {"not": " ≠ ", "contains": " ∋ "}.get(parts.op, ": ")
    column = parts.column if parts.is_upload else column_word(parts.column, gettext)
    return f"{column}{joint}{text}"
