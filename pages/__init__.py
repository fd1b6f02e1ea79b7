"""The user interface; computes nothing (see pipelines/)."""
