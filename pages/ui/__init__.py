"""Widgets and state that the pages share."""
