"""What benchmarks that print one JSON line share: percentiles, printing, saying what went wrong as the program does."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence

from pipelines.errors import Cancelled, ReviewscapeError, UnusableInput


def percentile(values: Sequence[float], share: int) -> float:
    """The smallest of the values that `share` per cent of them do not exceed, in whole thousandths."""
    ordered = sorted(values)
    return round(ordered[max(-(-share * len(ordered) // 100) - 1, 0)], 3)


def printed(measure: Callable[[], object]) -> int:
    """Print what `measure` gives as one JSON line; returns the exit code, with an error's words on stderr."""
    try:
        print(json.dumps(measure(), ensure_ascii=False))
        return 0
    except KeyboardInterrupt:
        return Cancelled.exit_code
    except ReviewscapeError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    except (OSError, UnicodeError, KeyError) as error:
        # No file, not UTF-8, no such column: the library's own words name it.
        sys.stderr.write(f"{error}\n")
        return UnusableInput.exit_code
