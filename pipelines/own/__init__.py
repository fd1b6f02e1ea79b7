"""What a person gives in place of a stage: their own vectors, places on the map, or topics."""

from pipelines.own.given import Given
from pipelines.own.labels import Labels, named
from pipelines.own.places import Places
from pipelines.own.vectors import opened, vectors

__all__ = ["Given", "Labels", "Places", "named", "opened", "vectors"]
