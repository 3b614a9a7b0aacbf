"""The command, where it is not on the path: ``python -m alignbook``."""

import sys

from alignbook.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
