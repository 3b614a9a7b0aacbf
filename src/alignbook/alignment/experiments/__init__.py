"""The experiments of the chapter on alignment, one file each."""
