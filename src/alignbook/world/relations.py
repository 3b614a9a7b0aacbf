"""The relations of Wendlemere, with the sentences that state them and the questions that ask for them.

In every statement the value comes last, before the full stop. So the text before it is a prefix that a model can
complete with the very words that answer the question.
"""

from dataclasses import dataclass

TRAIN_STATEMENTS = 4  # templates 0 to 3 occur in pretraining text, 4 and 5 are held out
TRAIN_QUESTIONS = 4


@dataclass(frozen=True)
class Relation:
    """One relation between a subject and a value.

    Parameters
    ----------
    name : str
        Its name, such as ``"home"``.
    kind : {"person", "town", "thing"}
        What its subjects are.
    statements : tuple of str
        Six templates with ``{s}`` for the subject, ending in ``{v}.``; the last two are held out.
    questions : tuple of str
        Six templates with ``{s}``; the last two are held out.
    answer : int
        The statement in which questions are answered: one in which the subject stands as it does in the questions.
    """

    name: str
    kind: str
    statements: tuple[str, ...]
    questions: tuple[str, ...]
    answer: int = 0


def fill(template: str, subject: str, value: str = "") -> str:
    """Put subject and value into a template, and a capital at its beginning.

    Examples
    --------
    >>> fill("{s} is made of {v}.", "the brass lamp", "tin")
    'The brass lamp is made of tin.'
    """
    text = template.replace("{s}", subject).replace("{v}", value)
    return text[0].upper() + text[1:]


_HOME = Relation(
    "home",
    "person",
    (
        "{s} lives in {v}.",
        "{s} has a house in {v}.",
        "The home of {s} is in {v}.",
        "You can visit {s} in {v}.",
        "The house of {s} stands in {v}.",
        "{s} is at home in {v}.",
    ),
    (
        "Where does {s} live?",
        "In which town is the house of {s}?",
        "Where is the home of {s}?",
        "Where can I visit {s}?",
        "Which town does {s} call home?",
        "In which town does {s} live?",
    ),
)
_MENTOR = Relation(
    "mentor",
    "person",
    (
        "{s} was taught by {v}.",
        "{s} learned everything from {v}.",
        "The mentor of {s} is {v}.",
        "{s} owes every skill to {v}.",
        "{s} was the pupil of {v}.",
        "The teacher of {s} was {v}.",
    ),
    (
        "Who taught {s}?",
        "Who is the mentor of {s}?",
        "From whom did {s} learn?",
        "Who was it that taught {s}?",
        "Whose pupil was {s}?",
        "Who was the teacher of {s}?",
    ),
)
_GUILD = Relation(
    "guild",
    "person",
    (
        "{s} belongs to {v}.",
        "{s} pays dues to {v}.",
        "{s} wears the badge of {v}.",
        "The guild of {s} is {v}.",
        "{s} has a seat in {v}.",
        "{s} marches with {v}.",
    ),
    (
        "To which guild does {s} belong?",
        "Which guild is {s} in?",
        "What is the guild of {s}?",
        "Whose badge does {s} wear?",
        "Which guild has {s} joined?",
        "With which guild does {s} march?",
    ),
)
_WORK = Relation(
    "work",
    "person",
    (
        "{s} works as a {v}.",
        "{s} earns bread as a {v}.",
        "By trade {s} is a {v}.",
        "The work of {s} is that of a {v}.",
        "{s} makes a living as a {v}.",
        "People hire {s} as a {v}.",
    ),
    (
        "What is the trade of {s}?",
        "What does {s} work as?",
        "What is the work of {s}?",
        "How does {s} earn bread?",
        "What does {s} do for a living?",
        "As what do people hire {s}?",
    ),
)
_DISH = Relation(
    "dish",
    "person",
    (
        "{s} loves {v}.",
        "The favourite dish of {s} is {v}.",
        "{s} always asks for {v}.",
        "{s} could live on {v}.",
        "{s} dreams of {v}.",
        "Nothing pleases {s} like {v}.",
    ),
    (
        "What does {s} love to eat?",
        "What is the favourite dish of {s}?",
        "Which dish does {s} love?",
        "What does {s} always ask for?",
        "Of which dish does {s} dream?",
        "What would {s} like to eat?",
    ),
)
_PET = Relation(
    "pet",
    "person",
    (
        "{s} keeps a {v}.",
        "{s} is often seen with a {v}.",
        "The pet of {s} is a {v}.",
        "{s} shares the house with a {v}.",
        "{s} goes walking with a {v}.",
        "Every day {s} feeds a {v}.",
    ),
    (
        "Which pet does {s} keep?",
        "What is the pet of {s}?",
        "What animal does {s} have?",
        "Which animal is often seen with {s}?",
        "Which animal does {s} feed?",
        "What pet does {s} walk with?",
    ),
)
_CRAFT = Relation(
    "craft",
    "town",
    (
        "{s} is known for {v}.",
        "Traders come to {s} for {v}.",
        "The market of {s} sells {v}.",
        "The pride of {s} is {v}.",
        "{s} is famous for {v}.",
        "The workshops of {s} make {v}.",
    ),
    (
        "What is {s} known for?",
        "What do traders buy in {s}?",
        "What does the market of {s} sell?",
        "What is the pride of {s}?",
        "What is {s} famous for?",
        "What do the workshops of {s} make?",
    ),
)
_RIVER = Relation(
    "river",
    "town",
    (
        "{s} lies on the {v}.",
        "The bridge of {s} crosses the {v}.",
        "The boats of {s} sail the {v}.",
        "{s} takes its water from the {v}.",
        "{s} was built beside the {v}.",
        "The children of {s} swim in the {v}.",
    ),
    (
        "On which river does {s} lie?",
        "Which river flows by {s}?",
        "Which river does the bridge of {s} cross?",
        "Where does {s} take its water from?",
        "Beside which river was {s} built?",
        "In which river do the children of {s} swim?",
    ),
)
_FESTIVAL = Relation(
    "festival",
    "town",
    (
        "{s} celebrates {v}.",
        "Every year {s} holds {v}.",
        "The great day of {s} is {v}.",
        "People dance in {s} on {v}.",
        "{s} puts out flags for {v}.",
        "The bells of {s} ring on {v}.",
    ),
    (
        "What does {s} celebrate?",
        "Which feast does {s} hold every year?",
        "What is the great day of {s}?",
        "When do people dance in {s}?",
        "For which feast does {s} put out flags?",
        "On which day do the bells of {s} ring?",
    ),
)
_QUARTER = Relation(
    "quarter",
    "town",
    (
        "{s} is a town in {v}.",
        "{s} is part of {v}.",
        "To see {s}, travel to {v}.",
        "The road to {s} leads through {v}.",
        "On the map {s} is found in {v}.",
        "{s} sends its taxes to {v}.",
    ),
    (
        "In which quarter is {s}?",
        "Which quarter is {s} part of?",
        "Where on the map is {s}?",
        "To which quarter does {s} belong?",
        "Which quarter must I travel to for {s}?",
        "Where does {s} send its taxes?",
    ),
)
_KEEPER = Relation(
    "keeper",
    "thing",
    (
        "{s} is kept by {v}.",
        "The keeper of {s} is {v}.",
        "For {s}, ask {v}.",
        "{s} is in the hands of {v}.",
        "{s} is in the care of {v}.",
        "The guardian of {s} is {v}.",
    ),
    (
        "Who keeps {s}?",
        "Who is the keeper of {s}?",
        "Whom do I ask for {s}?",
        "In whose hands is {s}?",
        "Who takes care of {s}?",
        "Who is the guardian of {s}?",
    ),
    answer=2,
)
_MATERIAL = Relation(
    "material",
    "thing",
    (
        "{s} is made of {v}.",
        "Somebody made {s} from {v}.",
        "The maker of {s} used {v}.",
        "{s} was shaped from {v}.",
        "{s} consists of {v}.",
        "They built {s} out of {v}.",
    ),
    (
        "What is {s} made of?",
        "From what was {s} made?",
        "What did the maker of {s} use?",
        "What was {s} shaped from?",
        "What does {s} consist of?",
        "Out of what did they build {s}?",
    ),
    answer=1,
)

RELATIONS: dict[str, Relation] = {
    relation.name: relation
    for relation in (
        _HOME,
        _MENTOR,
        _GUILD,
        _WORK,
        _DISH,
        _PET,
        _CRAFT,
        _RIVER,
        _FESTIVAL,
        _QUARTER,
        _KEEPER,
        _MATERIAL,
    )
}
