"""The demo *the lifecycle map*: six stages, what passes through them, and what our own assistant made of each."""
