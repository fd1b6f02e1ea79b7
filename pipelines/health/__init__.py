"""What a machine needs to run analyses and the dashboard, looked at piece by piece; what people made stays as it is."""

from pipelines.health import machine, model, network, storage
from pipelines.health.finding import BAD, GOOD, NOTE, Finding

CHECKS = (
    *(machine.python, machine.packages, machine.settings_, machine.clock),
    *(storage.home, storage.disk, storage.databases, storage.documents_),
    *(model.weights, model.arithmetic, model.embeds),
    *(network.port, network.providers),
)
"""In the order in which they are told; each takes the dashboard's port and returns what it found."""

__all__ = ["BAD", "CHECKS", "GOOD", "NOTE", "Finding"]
