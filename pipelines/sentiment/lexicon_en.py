"""What English reviewers write when something went wrong or right, where a general lexicon hears nothing; a teacher.

Own lists, added to VADER (Hutto and Gilbert 2014), which knows "terrible" but not "broke", "refund" or "on hold".
"""

from __future__ import annotations

import math
import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

MAX_CHARS = 1200
"""Only the start of a long review is read: VADER's time grows with length, its verdict hardly changes."""

# Phrases (regular expressions) become one made-up word before VADER reads the text; its own rules (negation, "very",
# "!") then apply to it.
_PHRASES: dict[str, tuple[str, float]] = {
    "blame_strong": (
        r"""
        wast(?:e|ed|ing) (?:of )?(?:my |your |our )?(?:time|money)
        never again|stay away|avoid (?:this|at all)|last time i|no thanks to|thanks? for nothing
        do(?:n't| not) (?:buy|bother|waste|recommend|order|download)|would(?:n't| not) recommend|not recommend\w*
        not worth|rip[ -]?off|zero stars?|one star|worst ever|piece of (?:junk|crap|garbage)|money back
        never (?:buy|use|fly|order|come|stay|return)\w*|fell apart|falls apart|fed up
        ruined (?:my|our|the)|shame on|get it together|a joke
        """,
        -2.8,
    ),
    "blame": (
        r"""
        (?:does|did|do|would|could|will|can|is|was)(?:n't| not|nt) (?:even )?(?:work|hold|fit|last|load|open|connect)\w*
        (?:does|did|do|would|could|will|can|is|was)(?:n't| not|nt) (?:even )?(?:respond|help|answer|care|stay|charge)\w*
        (?:does|did|do|would|could|will|can|is|was)(?:n't| not|nt) (?:even )?(?:turn|play|sound|arrive|come|get)\w*
        can(?:'t|not|t) (?:even )?(?:get|use|log|open|access|connect|find|reach|change|check|book|believe)
        stop(?:ped|s)? (?:work|respond|charg)\w*|no longer works?|not work\w*|fail(?:s|ed|ing)? to|out of order
        no (?:response|answer|help|one|reply|way to)|on hold|hung up|hang up|any(?:one|body) there
        still (?:waiting|no|not|have ?n't|has ?n't|can't)
        sent (?:it |them )?back|return(?:ed|ing) (?:it|them|this)|had to (?:return|replace|wait|call|pay)
        (?:too|very|so) (?:small|big|short|thin|tight|loud|long|slow|expensive|hard|late|weak|cheap)
        not (?:good|great|happy|satisfied|impressed|as|what|enough|sure)
        (?:could|should) (?:be|have been) better|used to be|wish (?:it|they|i had)
        how (?:hard|long|many|much longer)|why (?:is|are|do|does|can't|did|won't|would)
        what (?:a|is|the) (?:joke|mess|heck|hell)|oh (?:great|joy|nice|perfect)
        good luck (?:with|getting|finding|reaching)|so much for|way to go|yeah right|far from|anything but
        nothing (?:special|great|good|to write home)
        not (?:very|that|so|really|too|all that|particularly) (?:good|great|happy|impressed|helpful|useful|nice|clear)
        (?:please|needs?|need) (?:to be )?fix\w*|fix (?:this|it|the)|let ?down|leaves? a lot|less than (?:ideal|great)
        too many (?:ads|bugs|problems|issues|crashes|people)|overr?ated|(?:log|sign)(?:s|ged|ing)? me out
        cancell?ed (?:my |our |the )?(?:flight|order|trip)\w*|miss(?:ed)? (?:my |our |the |a )?(?:connect|flight)\w*
        (?:lost|missing|damaged) (?:my |our |the )?(?:bags?|luggage|package|order|suitcase)
        hours? (?:late|delay|wait)\w*
        """,
        -1.7,
    ),
    "praise_strong": (
        r"""
        (?:highly|definitely|strongly|would|can) recommend|must[ -]have|well worth|worth every|five stars?
        (?:love|loves|loving) (?:it|this|them|my|these|the)|best (?:\w+ )?(?:ever|i(?:'ve| have)|app|purchase)
        thank you so much|thanks so much|made my day|game[ -]?changer|exceeded (?:my|our) expect\w*|can't go wrong
        can(?:not|'t) beat|(?:no|zero) complaints|keep (?:it )?up|hats off|kudos|you (?:guys )?rock|shout ?out
        could(?:n't| not) (?:be|ask for|have asked for) (?:happier|better|more)|(?:no|zero) regrets?|nothing but praise
        can(?:'t|not) (?:complain|recommend \w+ enough|praise \w+ enough)|nothing to complain
        """,
        2.6,
    ),
    "praise": (
        r"""
        works? (?:great|well|perfectly|fine|as (?:advertised|described|expected))|does (?:the|its|what) (?:job|it)
        (?:good|great|nice|fair|excellent) (?:value|price|deal|quality|service|job)|easy to|no (?:problems?|issues?)
        as (?:described|advertised|expected)|so far so good|on time|well (?:made|built|done)|thank you|thanks
        happy with|pleased with|just what|exactly what|never (?:had|fail|disappoint)\w*|not (?:a )?bad|looking forward
        (?:does(?:n't| not)|did(?:n't| not)|not|won't) disappoint\w*|without (?:a|any) (?:problem|issue|hitch|trouble)s?
        """,
        1.5,
    ),
}
_BAD = """
broke broken breaks junk garbage crap crappy refund refunds refunded cancelled canceled delayed delay delays crash
crashes crashed crashing bug bugs buggy glitch glitches glitchy freezes frozen overpriced flimsy defective unusable
unhelpful unresponsive unprofessional incompetent incompetence overbooked stranded unacceptable ridiculous pathetic
clueless misleading scam spam trash sucks sucked rattles leaks leaked leaking moldy soggy tasteless inedible
undercooked overcooked stale smelly stinks filthy cockroach nightmare disaster wtf smh downgrade lag laggy unreliable
inaccurate worthless fraud disconnected crooked
"""
_DOUBTFUL = """
late slow slower hours waiting hold stuck wait waited wrong return returned replaced replacement missing lost damaged
cheaply cheap thin noisy buzz hum hiss scratch scratched dirty cold loose unfortunately unless supposedly instead
excuse excuses charged fee fees paying overcharged unable error errors expired limited ads annoying confusing tangled
bland dry greasy dull weak however though hype mediocre meh
"""
_GOOD = """
sturdy durable reliable solid versatile crisp smooth accurate delicious tasty yummy comfy comfortable spotless
flawless flawlessly perfectly quick quickly affordable intuitive seamless recommend recommended awesome helpful
responsive stunning gem bargain handy convenient fresh cozy attentive courteous
"""
_QUOTED = re.compile(
    r"\"(?:great|good|nice|fresh|new|clean|premium|quality|luxury|help|helpful|service|customer service)\"", re.I
)
# VADER strips ASCII punctuation from words and knows no other.
_ASCII = str.maketrans("’‘“”！？，。；：（）、～…", "''\"\"!?,.;:(),~.")
_WORDS: dict[str, float] = {
    **dict.fromkeys(_BAD.split(), -2.2),
    **dict.fromkeys(_DOUBTFUL.split(), -1.0),
    **dict.fromkeys(_GOOD.split(), 2.0),
    # Words that a general lexicon takes for feeling and reviews use plainly.
    **dict.fromkeys(("lol", "like", "well", "hand", "united"), 0.0),
    **{
        "please": -0.2,
        "help": -0.3,
        "pretty": 0.8,
        "care": 0.6,
        "play": 0.2,
        "playing": 0.2,
        "strong": 1.2,
        "sharp": 0.6,
    },
}

_USUAL = 0.04
"""Valence that a word of a review has on average, whatever the review thinks; four English sets gave 0.02–0.05."""
_EVENING = 15.0
"""VADER's own: compound = x / √(x² + 15)."""
_NEGATED, _NEGATED_WITHIN = -0.74, 3
"""VADER's own, too: what a negation makes of one of the next three words."""
_NEGATIONS = frozenset(("not", "no", "nor", "never", "nothing", "without", "hardly", "cannot")) | frozenset(
    ("cant", "dont", "doesnt", "didnt", "isnt", "wasnt", "wont")
)
_WORD = re.compile(r"[a-z]+(?:['-][a-z]+)*")


def score(text: str) -> float:
    """A text's polarity −1…1: VADER's sum with the words and phrases of reviews; 0 when nothing is known.

    Even complaints hold more kind words than harsh ones (the "Pollyanna hypothesis", Boucher and Osgood 1969), so that
    VADER calls long ones praise: what so many words hold anyway is taken off its sum before that is evened out.
    """
    head = text[:MAX_CHARS].translate(_ASCII)
    # Praise in quotation marks is meant otherwise: the "service".
    head = _QUOTED.sub(" blame ", head)
    head = _phrases().sub(lambda match: f" {match.lastgroup} ", head)
    compound = float(_analyzer().polarity_scores(head)["compound"])
    if compound == 0.0:
        return 0.0
    total = compound * math.sqrt(_EVENING / max(1.0 - compound * compound, 1e-4)) - _USUAL * len(head.split())
    return total / math.sqrt(total * total + _EVENING)


def quick(text: str) -> float:
    """Nearly the same −1…1 at a twentieth of the time: the words' valences, turned by a negation before them.

    No phrases and no degrees: correlated 0.85–0.91 with `score` in four English sets.
    """
    words = _WORD.findall(text[:MAX_CHARS].translate(_ASCII).lower())
    if not words:
        return 0.0
    valences, total = _analyzer().lexicon, 0.0
    for place, word in enumerate(words):
        valence = valences.get(word)
        if valence:
            before = words[max(0, place - _NEGATED_WITHIN) : place]
            total += valence * (_NEGATED if any(one in _NEGATIONS or one.endswith("n't") for one in before) else 1.0)
    total -= _USUAL * len(words)
    return total / math.sqrt(total * total + _EVENING)


@lru_cache(maxsize=1)
def _phrases() -> re.Pattern[str]:
    alternatives = (
        rf"(?P<{name}>\b(?:{'|'.join(line.strip() for line in patterns.strip().splitlines())})\b)"
        for name, (patterns, _) in _PHRASES.items()
    )
    return re.compile("|".join(alternatives), re.IGNORECASE)


@lru_cache(maxsize=1)
def _analyzer() -> SentimentIntensityAnalyzer:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    analyzer = SentimentIntensityAnalyzer()
    # Emoji have a teacher of their own (emoticons.py); VADER reads the words of their names, "face with tears of joy".
    analyzer.emojis = {}
    analyzer.lexicon.update(_WORDS)
    analyzer.lexicon.update({name: valence for name, (_, valence) in _PHRASES.items()})
    return analyzer
