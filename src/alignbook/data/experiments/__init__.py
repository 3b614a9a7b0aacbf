"""The experiments of the chapter on training data, one a file."""
