"""Real text that is installed already: read where it lies, shaped for the chapters, never committed.

``documents`` has what every corpus shares, ``numpy_docs`` collects NumPy's docstrings as they are, and
``prose`` derives running text from a document. The raw text keeps its boilerplate and its duplicates:
to find them is the data chapter's work.
"""
