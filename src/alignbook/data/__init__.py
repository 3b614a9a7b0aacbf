"""Training data: collect, clean, deduplicate, filter, mix, redact and synthesise, in files named for them."""
