"""The experiments of the pretraining chapter, one file each."""
