"""``python -m orders.matching INSTANCE.json -o SOLUTION.json``: see :mod:`.cli`."""

import sys

from .cli import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
