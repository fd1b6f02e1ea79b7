"""Text to rows, rows to columns: delimiters, quotes, headers, ragged rows."""
