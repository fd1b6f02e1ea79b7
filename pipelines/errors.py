"""What can go wrong, as one tree; each class carries the exit code of the command line.

ReviewscapeError (1, our fault)
├── UnusableInput (2)      the file or an argument cannot be used
│   ├── MissingKey (2)     a provider needs a key that is not set
│   └── DamagedBundle (2)  a bundle's file is missing, altered or of an unknown version
├── ProviderFailed (3)     a provider or the network failed after retries; nothing is lost
└── Cancelled (130)        the person asked to stop

A message is a template and its values, so that an interface can translate the template first. Templates are
marked with N_ for the message extractor. A message says what happened, where, and what to do next; it never
holds review text or keys.
"""

from __future__ import annotations

from collections.abc import Callable


def N_(message: str) -> str:  # noqa: N802  (gettext's customary name)
    """Mark a message for translation without translating it now."""
    return message


class ReviewscapeError(Exception):
    """Base of all errors that are meant for a person; `template` is an English format string over `values`."""

    exit_code = 1

    def __init__(self, template: str, **values: object) -> None:
        self.template = template
        self.values = values
        super().__init__(template.format(**values))

    def translated(self, gettext: Callable[[str], str]) -> str:
        """The message in the language of `gettext`."""
        # A value can be a word of ours ("a picture"); gettext("") is the catalogue's own header.
        values = {
            name: gettext(value) if isinstance(value, str) and value else value for name, value in self.values.items()
        }
        return gettext(self.template).format(**values)


class UnusableInput(ReviewscapeError):
    """The file or an argument cannot be used as it is."""

    exit_code = 2


class MissingKey(UnusableInput):
    """A provider needs a key that is not set."""


class DamagedBundle(UnusableInput):
    """A bundle's file is missing, altered or of an unknown version."""


class ProviderFailed(ReviewscapeError):
    """A provider or the network failed after retries; finished work is kept."""

    exit_code = 3


class Cancelled(ReviewscapeError):
    """The person asked to stop."""

    exit_code = 130

    def __init__(self) -> None:
        super().__init__(N_("Cancelled. Finished work is kept; run it again to go on."))
