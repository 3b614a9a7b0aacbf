"""The demo *the assistant in the page*: the build's own models, a byte a weight, answer what a reader types."""
