"""Values: numbers that a cell computes and prose quotes."""

from __future__ import annotations

import reprlib

from alignbook.publish.outputs import Number, checked_name, checked_tolerance, plain_number, publish


def value(name: str, number: Number, format_spec: str = "", *, tolerance: Number | None = None) -> None:
    """Publish a number, which prose anywhere in the book quotes as ``{value}`name```, in maths too.

    It is recorded: when a later build computes another one, further away than the tolerance, the build stops.

    Parameters
    ----------
    name
        Unique in the whole book, as ``"sft.accuracy"``.
    number
        An integer or a float, of Python's or NumPy's.
    format_spec
        How it is shown, in Python's format language: ``".0%"``, ``".2f"``, ``","``. Needed for floats.
    tolerance
        How far it may move between builds; where it is not given, the chapter's record decides.

    Raises
    ------
    TypeError, ValueError
        If it is not a finite number, or the format does not fit it.

    Examples
    --------
    >>> value("sft.accuracy", 0.9512, ".0%")
    value 'sft.accuracy': 95%
    """
    what = f"value {checked_name('value', name)!r}"
    plain = plain_number(what, number)
    if isinstance(plain, bool):
        raise TypeError(f"{what} must be a number, got {reprlib.repr(number)}: claim it instead")
    text = formatted(what, plain, format_spec)
    publish(
        {
            "kind": "value",
            "name": name,
            "value": plain,
            "text": text,
            "tolerance": checked_tolerance(what, tolerance),
        },
        f"{what}: {text}",
    )


def formatted(what: str, number: float, format_spec: str) -> str:
    """A number as it is shown.

    Raises
    ------
    ValueError
        If the format does not fit, or a float has none.
    """
    if isinstance(number, float) and not format_spec:
        raise ValueError(f"{what} is a float, {number!r}: say how many digits to show, as in '.2f' or '.0%'")
    try:
        return format(number, format_spec).strip()
    except (ValueError, TypeError) as error:
        raise ValueError(f"{what}: {format_spec!r} is no format for {number!r} ({error})") from None
