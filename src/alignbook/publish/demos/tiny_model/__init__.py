"""The demo *train a tiny model yourself*: a count model that reads as much as its reader lets it."""
