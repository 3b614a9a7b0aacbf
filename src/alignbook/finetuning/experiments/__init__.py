"""The experiments of the chapter on fine-tuning, one file each."""
