"""Everything Reviewscape computes and stores: a library and a command line, without a user interface."""

__version__ = "0.1.0"
