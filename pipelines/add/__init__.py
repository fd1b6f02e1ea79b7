"""Added reviews: placed on a finished map without changing anything on it, and the map made anew with all of them."""

from pipelines.add.incoming import Incoming, read
from pipelines.add.refit import Refit
from pipelines.add.run import add

__all__ = ["Incoming", "Refit", "add", "read"]
