"""Other tools that the benchmarks run beside ours, each in a virtual environment of its own, outside the repository."""
