"""The upload part of the Open page: drop, confirm what was understood, correct, start."""

from pages.ui.upload.choices import forget, is_kept
from pages.ui.upload.sending import leave
from pages.ui.upload.zone import drop_zone

__all__ = ["drop_zone", "forget", "is_kept", "leave"]
