"""Making Wendlemere from a seed: who lives where, who taught whom, and how often each fact is told."""

from collections.abc import Mapping, Sequence
from itertools import product

import numpy as np

from alignbook.world import words
from alignbook.world.config import CONFIGS, WorldConfig
from alignbook.world.drawing import shuffled, stream
from alignbook.world.region import Fact, World

_PRIOR_OFFSET = 3  # values are drawn with odds 1 / (rank + 3): with 30 values the likeliest comes in 13 of 100 draws

_VALUES: Mapping[str, Sequence[str]] = {
    "work": words.TRADES,
    "dish": words.DISHES,
    "pet": words.PETS,
    "craft": words.CRAFTS,
    "river": words.RIVERS,
    "festival": words.FESTIVALS,
    "material": words.MATERIALS,
}


def build_world(seed: int, size: str, config: WorldConfig | None = None) -> World:
    """Make the world; the same seed and size give the same world in every process.

    Parameters
    ----------
    seed : int
        0 or more.
    size : {"tiny", "book"}
        How large; see `alignbook.world.config.CONFIGS`.
    config : WorldConfig, optional
        Measures to use in place of those of the size.

    Raises
    ------
    ValueError
        If the size is unknown, the seed negative, or the tiers do not hold as many facts as the relations have.

    Examples
    --------
    >>> world = build_world(0, "tiny")
    >>> len(world.facts), len(world.people)
    (120, 24)
    >>> world.is_true(world.facts[0].statement(5))
    True
    """
    if size not in CONFIGS:
        raise ValueError(f"size must be one of {', '.join(CONFIGS)}, got {size!r}")
    if seed < 0:
        raise ValueError(f"seed must be 0 or more, got {seed}")
    config = config or CONFIGS[size]
    _check(config)
    rng = stream(seed, "region")
    first_names = [f"{name} " for name in words.FIRST_NAMES]
    names = _combine(first_names, words.LAST_NAMES, config.people + config.unseen_people, rng)
    people, unseen = tuple(names[: config.people]), tuple(names[config.people :])
    towns = tuple(_combine(words.FIRST_TOWNS, words.LAST_TOWNS, config.towns, rng))
    qualities = [f"the {quality} " for quality in words.THING_QUALITIES]
    things = tuple(_combine(qualities, words.THING_KINDS, config.things, rng))
    mentors, homes = people[: config.mentors], towns[: config.home_towns]
    quarters = {town: words.QUARTERS[number % 4] for number, town in enumerate(towns)}
    values = {name: tuple(shuffled(options, rng)) for name, options in _VALUES.items()}
    values |= {"home": homes, "mentor": mentors, "guild": words.GUILDS, "quarter": words.QUARTERS}
    subjects = {"person": people, "town": towns, "thing": things}
    triples = _triples(config, subjects, values, quarters, rng)
    values["keeper"] = tuple(sorted(value for _, relation, value in triples if relation == "keeper"))
    return World(
        seed=seed,
        size=size,
        config=config,
        people=people,
        unseen=unseen,
        towns=towns,
        things=things,
        mentors=mentors,
        homes=homes,
        quarters=tuple(quarters.items()),
        value_lists=tuple(values.items()),
        facts=tuple(_with_tiers(triples, mentors, config, rng)),
    )


def _check(config: WorldConfig) -> None:
    facts = sum(count for _, count in config.facts)
    held = sum(count for _, count in config.tiers)
    if facts != held:
        raise ValueError(f"tiers must hold as many facts as the relations have ({facts}), got {held}: mend the config")


def _combine(first: Sequence[str], last: Sequence[str], count: int, rng: np.random.Generator) -> list[str]:
    """Return so many different names of two pieces each."""
    every = [one + other for one, other in product(first, last)]
    if count > len(every):
        raise ValueError(f"names of these pieces number {len(every)}, got a config that needs {count}")
    return shuffled(every, rng)[:count]


Triple = tuple[str, str, str]


def _triples(
    config: WorldConfig,
    subjects: Mapping[str, Sequence[str]],
    values: Mapping[str, Sequence[str]],
    quarters: Mapping[str, str],
    rng: np.random.Generator,
) -> list[Triple]:
    """Return subject, relation and value of every fact, relation by relation."""
    people, towns, things = subjects["person"], subjects["town"], subjects["thing"]
    counts = dict(config.facts)
    homes = dict(zip(people, _skewed(values["home"], len(people), rng), strict=True))
    made: dict[str, list[tuple[str, str]]] = {
        "home": list(homes.items())[: counts["home"]],
        "mentor": _mentors(shuffled(people, rng)[: counts["mentor"]], values["mentor"], rng),
        "guild": [
            (person, _guild(quarters[homes[person]], config.guild_bias, rng))
            for person in shuffled(people, rng)[: counts["guild"]]
        ],
        "quarter": [(town, quarters[town]) for town in shuffled(towns, rng)[: counts["quarter"]]],
        "keeper": list(zip(things[: counts["keeper"]], shuffled(people, rng), strict=False)),
    }
    owners = {"craft": towns, "river": towns, "festival": towns, "material": things}
    for relation, options in values.items():
        if relation not in made:
            chosen = shuffled(owners.get(relation, people), rng)[: counts[relation]]
            made[relation] = list(zip(chosen, _skewed(options, len(chosen), rng), strict=True))
    return [(subject, name, value) for name, _ in config.facts for subject, value in made[name]]


def _skewed(options: Sequence[str], count: int, rng: np.random.Generator) -> list[str]:
    """Draw values, the earlier ones more often."""
    odds = 1 / (np.arange(len(options)) + _PRIOR_OFFSET)
    return [options[at] for at in rng.choice(len(options), size=count, p=odds / odds.sum())]


def _mentors(pupils: Sequence[str], mentors: Sequence[str], rng: np.random.Generator) -> list[tuple[str, str]]:
    """Give each pupil a mentor, never themselves: who drew themselves gets the next one."""
    drawn = _skewed(mentors, len(pupils), rng)
    following = dict(zip(mentors, (*mentors[1:], mentors[0]), strict=True))
    return [
        (pupil, following[mentor] if mentor == pupil else mentor) for pupil, mentor in zip(pupils, drawn, strict=True)
    ]


def _guild(quarter: str, bias: float, rng: np.random.Generator) -> str:
    """Draw a guild: that of the quarter with the probability of the bias, else one of the other three."""
    own = words.QUARTERS.index(quarter)
    shift = 0 if rng.random() < bias else int(rng.integers(1, len(words.GUILDS)))
    return words.GUILDS[(own + shift) % len(words.GUILDS)]


def _with_tiers(
    triples: Sequence[Triple], mentors: Sequence[str], config: WorldConfig, rng: np.random.Generator
) -> list[Fact]:
    """Put every fact into a tier and a split."""
    tiers = np.repeat(np.arange(len(config.tiers)), [count for _, count in config.tiers])
    exposures = np.array([times for times, _ in config.tiers])
    needed = [at for at, (who, relation, _) in enumerate(triples) if relation == "home" and who in mentors]
    pupils = [at for at, (_, relation, _) in enumerate(triples) if relation == "mentor"]
    needed += shuffled(pupils, rng)[: round(config.known_mentors * len(pupils))]
    high = rng.permutation(np.flatnonzero(exposures[tiers] >= config.known_exposures))
    if len(needed) > len(high):
        raise ValueError(
            f"tiers from known_exposures={config.known_exposures} on must hold {len(needed)} facts for two-hop "
            f"questions, got {len(high)}: lower known_exposures or known_mentors"
        )
    tier_of = np.empty(len(triples), dtype=np.intp)
    tier_of[needed] = tiers[high[: len(needed)]]
    others = np.setdiff1d(np.arange(len(triples)), needed)
    tier_of[others] = rng.permutation(np.delete(tiers, high[: len(needed)]))
    splits = _splits(tier_of, config.anchor_share, rng)
    return [
        Fact(*triple, int(tier), int(exposures[tier]), split)
        for triple, tier, split in zip(triples, tier_of, splits, strict=True)
    ]


def _splits(tier_of: np.ndarray, anchor_share: float, rng: np.random.Generator) -> list[str]:
    """Divide the facts of every tier: a few anchors, the others half and half."""
    splits = [""] * len(tier_of)
    for tier in np.unique(tier_of):
        members = rng.permutation(np.flatnonzero(tier_of == tier))
        anchors = max(1, round(anchor_share * len(members)))
        middle = anchors + (len(members) - anchors) // 2
        for place, at in enumerate(members):
            splits[at] = "anchor" if place < anchors else "train" if place < middle else "held-out"
    return splits
