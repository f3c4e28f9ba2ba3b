"""``python -m baes.cli`` is ``baes``."""

import sys

from baes.cli.entry import run

if __name__ == "__main__":
    sys.exit(run())
