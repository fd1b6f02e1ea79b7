"""Everything kept on disk: bundles, journals and the library of analyses. The only writer of bundles."""
