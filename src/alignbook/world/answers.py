"""Grade an answer to a question about a fact: a bare value, or a sentence that names it."""

from alignbook.world.grading import grade_value
from alignbook.world.items import CORRECT, WRONG, Grade, Item
from alignbook.world.region import World


def grade_answer(world: World, item: Item, reply: str, value: str | None = None) -> Grade:
    """Grade the answer to a question for the value of a fact.

    A statement of the world is taken at its word: it must be about the right subject. Anything else is searched for
    the value, where the name of the subject is passed over: it may be a value too.

    Parameters
    ----------
    world : World
        The world.
    item : Item
        What was asked; its `meta` names ``subject``, ``relation`` and ``value``.
    reply : str
        Any text.
    value : str, optional
        The value that is looked for, where it is not the item's own.
    """
    subject, relation = item.text("subject"), item.text("relation")
    value = item.text("value") if value is None else value
    claim = world.parse(reply)
    if claim is not None:
        return CORRECT if (claim.subject, claim.relation, claim.value) == (subject, relation, value) else WRONG
    return grade_value(reply, value, world.values[relation], subject)
