"""The engine: a small tape over fused operations, the transformer on top of it, and what trains and runs it.

Read in this order: ``tape`` (operations and their gradients), ``transformer`` (the model), ``optimiser`` (one step),
``trainer`` (many steps), ``generation`` (the model writes). ``lora`` and ``checkpoints`` are for those who need them.
"""
