"""How large the world is, and how often each fact is told: plain data, to be retuned here."""

from dataclasses import dataclass


@dataclass(frozen=True)
class WorldConfig:
    """One size of the world.

    Parameters
    ----------
    people, unseen_people, towns, things : int
        How many of each; unseen people have names of the same pieces, and occur in no text.
    home_towns : int
        People live in so many of the towns.
    mentors : int
        So many of the people have pupils.
    facts : tuple of (str, int)
        For each relation how many facts it has.
    tiers : tuple of (int, int)
        For each tier how often a fact of it is stated in the pretraining corpus, and how many facts it holds.
    known_exposures : int
        From so many exposures on, a fact counts as one that a pretrained model can know.
    known_mentors : float
        This share of the mentor facts, and the home of every mentor, are put into such tiers: two-hop questions
        need both hops.
    anchor_share : float
        This share of the facts of every tier is kept for the raters' trusted anchor items.
    guild_bias : float
        The share of people who belong to the guild of the quarter in which they live.
    two_hop_held_out : float
        The share of people about whom no two-hop question is asked in training.
    updates : int
        How many facts change after the release.
    benchmark_items : int
        How many items the benchmark has, and as many matched fresh ones.
    canaries_per_count, canary_references : int
        Canaries for each number of repetitions, and references that are never inserted.
    """

    people: int
    unseen_people: int
    towns: int
    things: int
    home_towns: int
    mentors: int
    facts: tuple[tuple[str, int], ...]
    tiers: tuple[tuple[int, int], ...]
    known_exposures: int = 32
    known_mentors: float = 0.6
    anchor_share: float = 0.04
    guild_bias: float = 0.8
    two_hop_held_out: float = 0.4
    updates: int = 60
    benchmark_items: int = 200
    canaries_per_count: int = 20
    canary_references: int = 1000


CONFIGS: dict[str, WorldConfig] = {
    "tiny": WorldConfig(
        people=24,
        unseen_people=40,
        towns=12,
        things=8,
        home_towns=8,
        mentors=5,
        facts=(
            ("home", 24),
            ("mentor", 18),
            ("guild", 16),
            ("work", 14),
            ("dish", 10),
            ("pet", 8),
            ("craft", 6),
            ("river", 6),
            ("festival", 4),
            ("quarter", 4),
            ("keeper", 5),
            ("material", 5),
        ),
        tiers=((2, 10), (4, 10), (8, 10), (16, 10), (64, 20), (128, 30), (256, 30)),
        updates=12,
        benchmark_items=40,
        canaries_per_count=2,
        canary_references=100,
    ),
    "book": WorldConfig(
        people=300,
        unseen_people=200,
        towns=60,
        things=60,
        home_towns=30,
        mentors=30,
        facts=(
            ("home", 300),
            ("mentor", 240),
            ("guild", 180),
            ("work", 200),
            ("dish", 120),
            ("pet", 100),
            ("craft", 60),
            ("river", 60),
            ("festival", 60),
            ("quarter", 60),
            ("keeper", 60),
            ("material", 60),
        ),
        tiers=(
            (2, 200),
            (4, 200),
            (8, 200),
            (16, 200),
            (32, 150),
            (64, 150),
            (128, 80),
            (512, 240),
            (1024, 80),
        ),
        known_exposures=512,
    ),
}
