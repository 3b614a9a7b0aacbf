"""Pretraining: a model learns to predict the next piece of text, first by counting, then by gradients."""
