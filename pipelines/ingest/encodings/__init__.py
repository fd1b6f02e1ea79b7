"""Bytes to text: which codec a file is written in."""
