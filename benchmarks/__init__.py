"""Measured speed and quality, against peers that run in the same session; see benchmarks/README.md."""
