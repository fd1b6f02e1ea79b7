"""Every interface string has a Chinese translation, the compiled catalogue is fresh, and placeholders survive."""

import io
import re

from babel.messages.mofile import write_mo

from locales.update import PO, chinese, missing

PLACEHOLDER = re.compile(r"\{[a-z_]+\}")


def test_every_string_has_chinese():
    assert missing(chinese()) == []


def test_compiled_catalogue_is_fresh():
    made = io.BytesIO()
    write_mo(made, chinese())
    assert PO.with_suffix(".mo").read_bytes() == made.getvalue(), "run `make words`"


def test_translations_use_the_same_placeholders():
    for message in chinese():
        if not message.id:
            continue
        originals = [message.id] if isinstance(message.id, str) else list(message.id)
        translations = [message.string] if isinstance(message.string, str) else list(message.string)
        known = set().union(*(PLACEHOLDER.findall(text) for text in originals))
        for text in translations:
            assert set(PLACEHOLDER.findall(text)) == known, message.id
