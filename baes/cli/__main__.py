"""``python -m baes.cli`` is ``baes``."""

import sys

from baes.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
