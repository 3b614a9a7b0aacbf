"""From text to tokens and back, in files that each add one idea.

``pieces`` cuts text into words, numbers, marks and spaces; ``merges`` learns from the pieces which tokens to
join, and joins them; ``bpe`` is the tokenizer made of both, and the one to import
(``from alignbook.text.bpe import BPE``); ``storage`` is its file. This file imports nothing, so that a page
depends only on what it names.
"""
