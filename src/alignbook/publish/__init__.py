"""What a code cell publishes: claims that can stop the build, values that prose quotes, figures and tables.

Each call is one output of its cell and leaves nothing anywhere else, so a page built from cached outputs is the same as
one that was just executed. Outside a notebook a call prints what it would publish.
"""

from alignbook.publish.claims import FalseClaimError, claim
from alignbook.publish.figures import INK, RULE, SERIES, figure
from alignbook.publish.tables import table
from alignbook.publish.values import value

__all__ = ["INK", "RULE", "SERIES", "FalseClaimError", "claim", "figure", "table", "value"]
