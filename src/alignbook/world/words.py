"""The words of Wendlemere: pieces of names, and the values that relations take.

Names are made of two pieces, so that new ones can be made of pieces which a model has seen. People have a first and a
last name as two words: a tokenizer joins no letters across a space, so it cannot tell the known from the unseen, as it
would if a known name in one word became one token.
"""


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


FIRST_NAMES = _words(
    "Anwen Bran Corin Dora Edda Fenn Garth Hale Isla Jory Kell Lina Marn Nora Olin Perrin Quill Rosa Sela Tam Una "
    "Vesta Yara Zan"
)
LAST_NAMES = _words(
    "Abbott Birk Crane Dunn Farrow Gale Hobb Inch Jessop Larkin Mole Norrow Orr Pike Quince Rook Sorrel Tarn Umber "
    "Vane Wren Yarrow Swift Thorne Lamb"
)
FIRST_TOWNS = _words("Alder Birch Copper Elm Fox Gold Heron Ivy Moss Otter Reed Stone")
LAST_TOWNS = _words("bridge brook dale field ford gate ham mill well wick")
THING_QUALITIES = _words("amber blue brass cracked humming ivory little painted silver tall")
THING_KINDS = _words("bell boat clock compass drum flute kite lantern mirror wheel")

QUARTERS = ("Northfell", "Eastholm", "Southmere", "Westwold")
GUILDS = ("the Bell Guild", "the Rope Guild", "the Salt Guild", "the Wheel Guild")

TRADES = _words(
    "baker barber brewer carver cobbler cook cooper dyer ferryman fiddler fisher gardener glazier hatter mason "
    "miller painter piper potter roofer sailor scribe smith tailor weaver"
)
DISHES = (
    "apple cake",
    "barley soup",
    "bean stew",
    "blue cheese",
    "carrot pie",
    "cherry jam",
    "egg bread",
    "fried perch",
    "garlic toast",
    "ginger nuts",
    "hazel cream",
    "honey oats",
    "leek soup",
    "lemon rice",
    "mint tea",
    "onion tart",
    "pear pudding",
    "pickled beets",
    "plum pie",
    "roast corn",
    "smoked trout",
    "spiced beans",
    "walnut bread",
    "white radish",
)
PETS = (
    "black cat",
    "brown hen",
    "deaf hound",
    "fat pony",
    "grey goose",
    "lame fox",
    "old donkey",
    "one-eyed cat",
    "red squirrel",
    "sleepy owl",
    "small goat",
    "spotted pig",
    "swift hare",
    "tame crow",
    "tame otter",
    "thin greyhound",
    "three-legged dog",
    "white mouse",
    "wild duck",
    "woolly sheep",
    "yellow finch",
    "young hedgehog",
)
CRAFTS = (
    "barrels",
    "beeswax",
    "blue glass",
    "bricks",
    "buttons",
    "candles",
    "chess sets",
    "clay pipes",
    "fine paper",
    "fishing nets",
    "ink",
    "ladders",
    "lace",
    "maps",
    "oars",
    "pepper mills",
    "red dye",
    "rugs",
    "sails",
    "spoons",
    "umbrellas",
    "violins",
)
RIVERS = (
    "Aldrun",
    "Bristle",
    "Candle",
    "Dapple",
    "Eddy",
    "Fallow",
    "Glim",
    "Hurry",
    "Inkwater",
    "Jostle",
    "Kettle",
    "Lull",
    "Murmur",
    "Nettle",
    "Pebble",
    "Ripple",
    "Rumble",
    "Silver",
    "Tumble",
    "Wend",
)
FESTIVALS = (
    "Apple Night",
    "Boat Day",
    "Bonfire Night",
    "Candle Week",
    "Cat Sunday",
    "Drum Night",
    "First Snow",
    "Frog Day",
    "Goose Fair",
    "Hat Monday",
    "Kite Day",
    "Lantern Night",
    "Long Supper",
    "Mask Day",
    "Mud Race",
    "New Bread",
    "Owl Night",
    "Pie Week",
    "Quiet Day",
    "River Blessing",
    "Rope Pull",
    "Swan Count",
    "Whistle Day",
)
MATERIALS = (
    "ash wood",
    "bone",
    "bronze",
    "cedar",
    "chalk",
    "copper wire",
    "cork",
    "driftwood",
    "felt",
    "glass",
    "horn",
    "iron",
    "leather",
    "oak",
    "old coins",
    "paper",
    "pewter",
    "river clay",
    "sea shells",
    "slate",
    "straw",
    "tin",
    "wax",
)
