"""Which tokens to join: byte-pair encoding inside pieces.

Start from single bytes. Count every pair of neighbouring tokens, make the most frequent pair one new token,
and repeat: `learn_merges`. To count everything anew after each merge would take ten lines, and far too long.
But a merge changes only the pairs beside it, so `PairIndex` remembers where each pair stands and mends those
counts. To use what was learned is simple again: `apply_merges`.
"""

import heapq
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np

Pair = tuple[int, int]

GAP = -1  # stands between two pieces, and in the place of a token which a merge has used up


def learn_merges(pieces: Mapping[bytes, int], n_merges: int, min_count: int = 2) -> list[Pair]:
    """Find the pairs of tokens to join, most frequent first.

    Tokens 0 to 255 are the bytes; merge number ``k``, counted from 0, makes the token ``256 + k``. **Of
    equally frequent pairs the smallest is taken**: the one whose left token has the lower number or, if these
    are the same, whose right token has it. A pair is counted wherever its two tokens are neighbours, also in
    overlapping places (``aaa`` holds the pair ``aa`` twice), and merged from left to right.

    No two tokens ever spell the same bytes: as long as no merge reaches across the ends of a stretch of
    bytes, the merges inside depend on that stretch alone, so the first merge that joins it is the only one.

    Parameters
    ----------
    pieces : mapping of bytes to int
        The distinct pieces of the training text, and how often each occurs. Nothing is merged across pieces.
    n_merges : int
        How many merges to learn at most.
    min_count : int, default 2
        Stop when no pair occurs this often. What occurs once is no pattern.

    Returns
    -------
    list of (int, int)
        The merges in the order in which they were learned: fewer than asked for if the pairs run out.

    Raises
    ------
    ValueError
        If `min_count` is below 1.

    References
    ----------
    Gage (1994), "A New Algorithm for Data Compression"; Sennrich, Haddow and Birch (2016), "Neural Machine
    Translation of Rare Words with Subword Units", algorithm 1.

    Examples
    --------
    The pairs "lo" and "ow" occur 5 times each, so the smaller, "lo", goes first; then "low", 5 times; then of
    "we" (by now "low" and "e") and "er", twice each, the smaller:

    >>> merges = learn_merges({b"low": 3, b"lower": 2}, n_merges=3)
    >>> merges == [(ord("l"), ord("o")), (256, ord("w")), (ord("e"), ord("r"))]
    True
    """
    if min_count < 1:
        raise ValueError(f"min_count must be >= 1, got {min_count}")
    index = PairIndex(pieces, n_tokens=256 + n_merges)
    queue = [(-count, pair) for pair, count in index.counts.items()]
    heapq.heapify(queue)
    merges: list[Pair] = []
    while queue and len(merges) < n_merges:
        queued_count, pair = heapq.heappop(queue)
        count = index.counts[pair]
        # While a pair waits in the queue its count may fall, but never rise. So it is early enough to mend an
        # entry when it comes up: what stands first with its true count is the most frequent pair.
        if count < min_count:
            continue
        if count != -queued_count:
            heapq.heappush(queue, (-count, pair))
            continue
        for fresh_pair in index.merge(pair, new=256 + len(merges)):
            if index.counts[fresh_pair] >= min_count:
                heapq.heappush(queue, (-index.counts[fresh_pair], fresh_pair))
        merges.append(divmod(pair, index.n_tokens))
    return merges


def apply_merges(piece: bytes, joined: Mapping[Pair, int]) -> list[int]:
    """Make the merges inside one piece, those learned earliest first and each from left to right.

    Parameters
    ----------
    piece : bytes
        A short piece: the time grows with its length squared.
    joined : mapping of (int, int) to int
        The id that each pair becomes: 256 for the merge learned first, 257 for the second, and so on.

    Returns
    -------
    list of int
        The ids.

    Examples
    --------
    >>> apply_merges(b"slow", {(ord("l"), ord("o")): 256, (256, ord("w")): 257})
    [115, 257]
    """
    ids = list(piece)
    never = 256 + len(joined)
    while len(ids) > 1:
        candidates = [joined.get(pair, never) for pair in pairwise(ids)]
        new = min(candidates)
        if new == never:
            break
        place = candidates.index(new)
        ids[place : place + 2] = [new]
    return ids


def spell_tokens(merges: Sequence[Pair]) -> list[bytes]:
    """Write out which bytes each token stands for.

    Parameters
    ----------
    merges : sequence of (int, int)
        The pairs of tokens to join, in order.

    Returns
    -------
    list of bytes
        The bytes of tokens 0 to 255, then those of the merges.

    Raises
    ------
    ValueError
        If a merge uses a token that does not exist yet, or spells what another token spells.
    """
    ids = {bytes([byte]): byte for byte in range(256)}
    tokens = list(ids)
    for new, (left, right) in enumerate(merges, start=256):
        if not (0 <= left < new and 0 <= right < new):
            raise ValueError(f"merge {new - 256} must join two of the ids 0 to {new - 1}, got ({left}, {right})")
        token = tokens[left] + tokens[right]
        if token in ids:
            raise ValueError(
                f"merge {new - 256}, ({left}, {right}), must make a new token, but {token!r} is already id {ids[token]}"
            )
        ids[token] = new
        tokens.append(token)
    return tokens


class PairIndex:
    """All pieces as one row of tokens, with the count and the places of every pair, kept right under merges.

    A pair is one integer, ``left * n_tokens + right``: it sorts as the tuple would, and is looked up so much
    faster that training takes two thirds of the time.

    Parameters
    ----------
    pieces : mapping of bytes to int
        The distinct pieces, and how often each occurs.
    n_tokens : int
        How many tokens there will be at most.

    Attributes
    ----------
    counts : dict of int to int
        How often each pair occurs in the text.
    places : dict of int to list of int
        Where the left token of each pair stands in the row, from left to right. A place stays listed when a
        merge nearby has changed the pair that stands there.
    """

    def __init__(self, pieces: Mapping[bytes, int], n_tokens: int) -> None:
        self.n_tokens = n_tokens
        lengths = np.fromiter((len(piece) for piece in pieces), dtype=np.int64, count=len(pieces))
        occurrences = np.fromiter(pieces.values(), dtype=np.int64, count=len(pieces))
        # a gap, the first piece, a gap, the second piece, ..., the last piece, a gap
        row = np.frombuffer(b"\0".join([b"", *pieces, b""]), dtype=np.uint8).astype(np.int64)
        row[np.append(0, np.cumsum(lengths + 1))] = GAP
        weights = np.append(0, np.repeat(occurrences, lengths + 1))

        starts = np.flatnonzero((row[:-1] != GAP) & (row[1:] != GAP))
        pair_at = row[starts] * n_tokens + row[starts + 1]
        order = np.argsort(pair_at, kind="stable")  # equal pairs side by side, each from left to right
        starts = starts[order]
        pairs, first = np.unique(pair_at[order], return_index=True)
        totals = np.add.reduceat(weights[starts], first)
        self.counts: dict[int, int] = dict(zip(pairs.tolist(), totals.tolist(), strict=True))
        bounds, places = [*first.tolist(), len(starts)], starts.tolist()
        groups = (places[begin:end] for begin, end in pairwise(bounds))
        self.places: dict[int, list[int]] = dict(zip(pairs.tolist(), groups, strict=True))

        # From here on single items are read and written, at which lists are several times faster than arrays.
        self._row: list[int] = row.tolist()
        self._weights: list[int] = weights.tolist()
        self._before = list(range(-1, len(row) - 1))  # the place of the token before, used-up places skipped
        self._after = list(range(1, len(row) + 1))

    def merge(self, pair: int, new: int) -> list[int]:
        """Put the token `new` wherever the pair stands, and mend the counts of the pairs around it.

        Parameters
        ----------
        pair : int
            The number of the pair.
        new : int
            The token that takes its place, larger than all before.

        Returns
        -------
        list of int
            The pairs that `new` now forms with its neighbours.
        """
        n_tokens, counts, row, before, after = self.n_tokens, self.counts, self._row, self._before, self._after
        left, right = divmod(pair, n_tokens)
        all_places, weight_at = self.places, self._weights.__getitem__
        places_before: dict[int, list[int]] = defaultdict(list)  # by the token on the left of `new`
        places_after: dict[int, list[int]] = defaultdict(list)  # by the token on its right
        for here in self._join(left, right, new):
            previous = before[here]
            places_before[row[previous]].append(previous)
            places_after[row[after[here]]].append(here)
        places_before.pop(GAP, None)
        places_after.pop(GAP, None)
        places_before.pop(new, None)  # where `new` follows `new`, the left one of the two has seen it

        fresh = []
        for token, places in places_before.items():  # what was (token, left) is (token, new)
            fresh_pair, count = token * n_tokens + new, sum(map(weight_at, places))
            counts[fresh_pair], all_places[fresh_pair] = count, places
            counts[token * n_tokens + left] -= count
            fresh.append(fresh_pair)
        for token, places in places_after.items():  # what was (right, token) is (new, token)
            fresh_pair, count = new * n_tokens + token, sum(map(weight_at, places))
            counts[fresh_pair], all_places[fresh_pair] = count, places
            was = left if token == new else token
            counts[right * n_tokens + was] -= count
            fresh.append(fresh_pair)
        del counts[pair]
        return fresh

    def _join(self, left: int, right: int, new: int) -> list[int]:
        """Put `new` in the place of each `left` before a `right`; give these places, from left to right."""
        row, before, after = self._row, self._before, self._after
        merged = []
        for here in self.places.pop(left * self.n_tokens + right):
            partner = after[here]
            # False where a merge nearby has used up one of the two; in "aaa" it was this very merge.
            if row[here] == left and row[partner] == right:
                following = after[partner]
                row[here], row[partner] = new, GAP
                after[here], before[following] = following, here
                merged.append(here)
        return merged
