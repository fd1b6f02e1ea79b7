"""Seeded damage to sound files: whatever comes of it is a table or one clear refusal."""

import io
import random
import zipfile

from pipelines.errors import UnusableInput
from pipelines.ingest import read_table


def refused_or_read(data, count=150, damage=None):
    """Read `count` damaged copies; anything but a Table or UnusableInput fails the test that calls."""
    refused = 0
    for seed in range(count):
        case = (damage or damaged)(data, random.Random(seed))
        try:
            table = read_table(case)
        except UnusableInput as error:
            refused += 1
            assert str(error)
        else:
            assert table.frame.columns.is_unique
    return refused


def damaged(data, dice):
    """A few bytes flipped, overwritten, repeated or left out; now and then the end cut off."""
    out = bytearray(data)
    for _ in range(dice.choice([1, 1, 2, 4, 16])):
        at = dice.randrange(max(1, len(out)))
        match dice.randrange(5):
            case 0:
                out[at : at + 1] = bytes([dice.randrange(256)])
            case 1:
                out[at : at + 4] = dice.choice([b"\xff\xff\xff\xff", b"\0\0\0\0", b"\xff\xff\xff\x7f"])
            case 2:
                out[at : at + dice.randrange(1, 9)] = bytes([dice.choice([0, 255])]) * dice.randrange(1, 9)
            case 3:
                start = dice.randrange(max(1, len(out)))
                out[at:at] = out[start : start + dice.randrange(1, 200)]
            case 4:
                del out[at : at + dice.randrange(1, 100)]
    return bytes(out[: dice.randrange(len(out) + 1)] if dice.random() < 0.1 else out)


def damaged_member(part):
    """Damage to one member of a ZIP archive, its checksum right again: what reaches the reader behind."""

    def damage(data, dice):
        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
            other = dice.choice(old.namelist())
            for name in old.namelist():
                content = old.read(name)
                new.writestr(name, damaged(content, dice) if part in name or name == other else content)
        return out.getvalue()

    return damage
