"""What leaves an analysis as a file: the one-file report and tables."""
