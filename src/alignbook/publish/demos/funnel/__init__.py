"""The demo *a document walks the funnel*: which step drops it, and why."""
