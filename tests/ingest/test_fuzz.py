"""Mutated files: whatever the bytes, a sound result or one clear message; no crash, hang or memory past the limit."""

import math
import os

import pytest

from tests.ingest.fuzzing import FAULT, explained, read_cases
from tests.ingest.made_files import shapes
from tests.ingest.mutations import MUTATORS, case

IN_TESTS = 200
IN_TORTURE = 10_000


def test_the_first_cases_hold_every_shape_and_every_mutator():
    cases = [case(number) for number in range(IN_TESTS)]
    assert {made.shape for made in cases} == {shape.name for shape in shapes()}
    assert {name for made in cases for name in made.mutators} == set(MUTATORS)
    assert len({made.data for made in cases}) > 0.95 * IN_TESTS
    # Then the many cases pair every shape with every mutator.
    assert math.gcd(len(shapes()), len(MUTATORS)) == 1
    assert len(shapes()) * len(MUTATORS) < IN_TORTURE


def test_a_number_is_the_same_file_every_time():
    assert [case(number) for number in (3, 77, 9_999)] == [case(number) for number in (3, 77, 9_999)]


def test_mutated_files_are_read_or_refused(tmp_path):
    reads = list(read_cases(0, IN_TESTS - 1))
    assert [read.number for read in reads] == list(range(IN_TESTS))
    faults = explained(reads, tmp_path)
    assert not faults, "\n" + faults
    # A reader that refused everything would pass the rest.
    assert sum(read.outcome == "read" for read in reads) > IN_TESTS / 3


@pytest.mark.torture
def test_many_mutated_files_are_read_or_refused(tmp_path):
    last = int(os.environ.get("REVIEWSCAPE_FUZZ_CASES", IN_TORTURE)) - 1
    reads = list(read_cases(0, last))
    assert len(reads) == last + 1
    faults = explained(reads, tmp_path)
    assert not faults, f"{sum(read.outcome.startswith(FAULT) for read in reads)} faults\n{faults}"
