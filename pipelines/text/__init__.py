"""What several stages need to know about text: its language, its clean form for embedding, its words."""

from pipelines.text.cleaning import clean
from pipelines.text.language import detect_language
from pipelines.text.segmentation import cutting, part_of_speech, tokens, words, words_inside
from pipelines.text.stopwords import STOPWORDS

__all__ = ["STOPWORDS", "clean", "cutting", "detect_language", "part_of_speech", "tokens", "words", "words_inside"]
