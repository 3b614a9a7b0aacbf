"""Byte-pair encoding over bytes: the tokenizer that turns any text into token ids, and back without loss."""

import os
import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

import numpy as np
from numpy.typing import ArrayLike

from alignbook.text.merges import Pair, apply_merges, learn_merges, spell_tokens
from alignbook.text.pieces import check_text, count_pieces, split_pieces
from alignbook.text.storage import read_tokenizer, write_tokenizer

CACHED_PIECES = 100_000  # about 20 MB


@dataclass(frozen=True, repr=False)
class BPE:
    """A byte-level byte-pair tokenizer: 256 bytes, the merges learned from a text, and special tokens.

    Ids 0 to 255 are the bytes; id ``256 + k`` is what merge number ``k`` makes; the special tokens come last.
    Since every byte is a token, nothing is ever unknown. To encode, the text is cut into pieces
    (`alignbook.text.pieces.split_pieces`), and in each piece the merges are made in the order in which they
    were learned.

    A **special token** has an id which no text can produce: `encode` treats its name as ordinary text unless
    the call allows it. So a chat template puts roles in by id, and a user who types the name of a role forges
    nothing.

    Parameters
    ----------
    merges : tuple of (int, int)
        The pairs of ids to join, in order.
    special_tokens : tuple of str
        The names of the special tokens.

    Raises
    ------
    ValueError
        If a merge uses an id that does not exist yet or spells what another token spells, or if a special
        token is empty, stands twice, or is not valid Unicode.

    References
    ----------
    Gage (1994), "A New Algorithm for Data Compression": the idea. Sennrich, Haddow and Birch (2016), "Neural
    Machine Translation of Rare Words with Subword Units": its use for words. Radford et al. (2019), "Language
    Models are Unsupervised Multitask Learners", section 2.2: bytes in place of characters, and the pieces.

    Examples
    --------
    >>> bpe = BPE.train("low lower slow slower", vocab_size=260, special_tokens=["<|user|>"])
    >>> bpe.tokens[256:]
    (b'lo', b'low', b' s', b'<|user|>')
    >>> bpe.encode("slower")
    [115, 257, 101, 114]
    >>> bpe.decode([115, 257, 101, 114])
    'slower'
    >>> bpe.decode([bpe.special_ids["<|user|>"], *bpe.encode("<|user|>")])
    '<|user|><|user|>'
    """

    merges: tuple[Pair, ...]
    special_tokens: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        spell_tokens(self.merges)  # only for its checks
        _refuse_str(self.special_tokens, "special_tokens")
        for name, count in Counter(self.special_tokens).items():
            if not isinstance(name, str) or not name:
                raise ValueError(f"special_tokens must be strings that are not empty, got {name!r}")
            if count > 1:
                raise ValueError(f"special_tokens must differ from one another, got {name!r} {count} times")
            check_text(name, "special_tokens")

    @classmethod
    def train(
        cls,
        texts: str | Iterable[str],
        vocab_size: int,
        special_tokens: Sequence[str] = (),
        min_count: int = 2,
    ) -> "BPE":
        """Learn the merges from a text; see `alignbook.text.merges.learn_merges` for the rule between ties.

        The names of special tokens are ordinary text here too: leave them out of the training text.

        Parameters
        ----------
        texts : str or iterable of str
            The training text, whole or as documents; pieces never run from one document into the next.
        vocab_size : int
            The size of the vocabulary: 256 bytes, the merges, and the special tokens.
        special_tokens : sequence of str
            The names of the special tokens.
        min_count : int, default 2
            Stop, with a smaller vocabulary than asked for, when no pair of tokens occurs this often.

        Raises
        ------
        TypeError
            If the texts are not strings.
        ValueError
            If `vocab_size` leaves no room for the bytes and special tokens, `min_count` is below 1, or the
            text is empty or not valid Unicode.
        """
        _refuse_str(special_tokens, "special_tokens")
        untrained = cls((), tuple(special_tokens))
        if not isinstance(vocab_size, int) or vocab_size < untrained.vocab_size:
            raise ValueError(
                f"vocab_size must be an int >= {untrained.vocab_size} (256 bytes and {len(special_tokens)} "
                f"special tokens), got {vocab_size!r}"
            )
        pieces = {piece.encode(): count for piece, count in count_pieces(texts).items()}
        merges = learn_merges(pieces, vocab_size - untrained.vocab_size, min_count)
        return cls(tuple(merges), untrained.special_tokens)

    def with_special_tokens(self, names: Sequence[str]) -> "BPE":
        """Make a tokenizer with more special tokens, after the present ones: every id keeps its meaning.

        Parameters
        ----------
        names : sequence of str
            The names of the new special tokens.
        """
        _refuse_str(names, "names")
        return BPE(self.merges, (*self.special_tokens, *names))

    @cached_property
    def tokens(self) -> tuple[bytes, ...]:
        """The bytes that each id stands for; for a special token, its name in UTF-8."""
        return (*spell_tokens(self.merges), *(name.encode() for name in self.special_tokens))

    @cached_property
    def special_ids(self) -> dict[str, int]:
        """The id of each special token."""
        return {name: id_ for id_, name in enumerate(self.special_tokens, start=256 + len(self.merges))}

    @property
    def vocab_size(self) -> int:
        """How many ids there are."""
        return 256 + len(self.merges) + len(self.special_tokens)

    def __repr__(self) -> str:
        return f"<BPE: 256 bytes, {len(self.merges)} merges, special tokens {list(self.special_tokens)}>"

    def encode(self, text: str, allowed_special: Collection[str] = ()) -> list[int]:
        """Turn a text into ids.

        Parameters
        ----------
        text : str
            Any text; the ids of the empty text are the empty list.
        allowed_special : collection of str
            The special tokens that shall be recognised by their names in this text: allow them only in text
            that no stranger has written. Where one name begins another, the longer is taken.

        Returns
        -------
        list of int
            The ids.

        Raises
        ------
        TypeError
            If `text` is not a string.
        ValueError
            If `text` is not valid Unicode, or a name is allowed that is no special token.
        """
        check_text(text, "text")
        _refuse_str(allowed_special, "allowed_special")
        unknown = sorted(set(allowed_special).difference(self.special_ids))
        if unknown:
            raise ValueError(f"allowed_special must be among {list(self.special_tokens)}, got {unknown[0]!r}")
        if not allowed_special:
            return self._encode_ordinary(text)
        longest_first = sorted(allowed_special, key=len, reverse=True)
        # The names stand in a group of the expression, so they are kept: every second part is one.
        parts = re.split(f"({'|'.join(map(re.escape, longest_first))})", text)
        ids = self._encode_ordinary(parts[0])
        for name, ordinary in zip(parts[1::2], parts[2::2], strict=True):
            ids += [self.special_ids[name], *self._encode_ordinary(ordinary)]
        return ids

    def encode_bytes(self, data: bytes) -> list[int]:
        """Turn any bytes into ids; bytes that are valid UTF-8 get the same ids as their text.

        Python's ``surrogateescape`` (PEP 383) lets each byte that is not valid UTF-8 pass through the rule
        for pieces as a character of its own, visible but neither letter nor digit.

        Parameters
        ----------
        data : bytes
            Any bytes.

        Returns
        -------
        list of int
            The ids.
        """
        if not isinstance(data, bytes):
            raise TypeError(f"data must be bytes, got {type(data).__name__}; for text use encode")
        return self._encode_ordinary(data.decode("utf-8", "surrogateescape"))

    def decode(self, ids: ArrayLike, errors: str = "replace") -> str:
        """Turn ids into text.

        Parameters
        ----------
        ids : sequence or array of int, shape (tokens,)
            The ids.
        errors : {"replace", "strict", "ignore"}
            What to do with bytes that are not valid UTF-8, as they come about when generated ids stop within
            a character: put "�" in their place, raise a ``UnicodeDecodeError``, or leave them out.

        Raises
        ------
        TypeError, ValueError
            As `decode_bytes`.
        """
        return self.decode_bytes(ids).decode("utf-8", errors)

    def decode_bytes(self, ids: ArrayLike) -> bytes:
        """Turn ids into the bytes they stand for, valid UTF-8 or not.

        Parameters
        ----------
        ids : sequence or array of int, shape (tokens,)
            The ids.

        Raises
        ------
        TypeError
            If the ids are not integers in one dimension.
        ValueError
            If an id is out of range.
        """
        array = np.asarray(ids)
        if array.shape == (0,):
            return b""
        if array.ndim != 1 or array.dtype.kind not in "iu":
            raise TypeError(f"ids must be integers in one dimension, got {array.dtype} in the shape {array.shape}")
        outside = (array < 0) | (array >= self.vocab_size)
        if outside.any():
            place = int(outside.argmax())
            raise ValueError(
                f"ids must be from 0 to {self.vocab_size - 1}, got {array[place]} at position {place}: "
                "were they made by another tokenizer?"
            )
        return b"".join(map(self.tokens.__getitem__, array.tolist()))

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the tokenizer to a JSON file (`alignbook.text.storage`), replacing an old one in one step."""
        write_tokenizer(path, self.merges, self.special_tokens)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> "BPE":
        """Read a tokenizer that `save` has written.

        Raises
        ------
        ValueError
            If the file is damaged, is no tokenizer, or has another version of the format.
        """
        return cls(*read_tokenizer(path))

    @cached_property
    def _joined(self) -> dict[Pair, int]:
        """The id that each pair becomes; the earlier the merge, the smaller."""
        return {pair: id_ for id_, pair in enumerate(self.merges, start=256)}

    @cached_property
    def _cache(self) -> dict[str, tuple[int, ...]]:
        """The ids of pieces seen before; a text repeats most of its pieces many times."""
        return {}

    def _encode_ordinary(self, text: str) -> list[int]:
        """Encode text in which no special token is recognised."""
        pieces = split_pieces(text)
        if len(self._cache) > CACHED_PIECES:
            # Not cleared: another thread may be reading it. The property makes a new one.
            vars(self).pop("_cache", None)
        cache = self._cache
        for piece in set(pieces).difference(cache):
            cache[piece] = tuple(apply_merges(piece.encode("utf-8", "surrogateescape"), self._joined))
        return list(chain.from_iterable(map(cache.__getitem__, pieces)))


def _refuse_str(names: object, argument: str) -> None:
    """Raise for a single string, which Python would take for a collection of its letters."""
    if isinstance(names, str):
        raise TypeError(f"{argument} must be a collection of str, got the str {names!r}; write [{names!r}]")
