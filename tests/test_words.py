"""Every interface string has a Chinese translation, the compiled catalogue is fresh, and placeholders survive."""

import io
import re

from babel.messages.mofile import write_mo

from locales.update import PO, chinese, from_tree, missing

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


def test_strings_inside_others_are_collected():
    code = b"said = f\"<b>{_('Jump')}</b> {n_('{n} item', '{n} items', 2)}\" + self._(\"a\" \"b\")\n"
    found = [(name, said) for _line, name, said, _comments in from_tree(io.BytesIO(code), {"_", "n_"}, (), {})]
    assert found == [("_", ("Jump",)), ("n_", ("{n} item", "{n} items", None)), ("_", ("ab",))]
