"""Every format beside delimited text: workbooks, JSON, HTML, Parquet, archives."""
