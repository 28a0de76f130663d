#!/usr/bin/env python3
"""One door to Sprout: `up` runs it, `test` proves it, every other command acts on it."""

import sys

# Said before any newer syntax is read: an old Python parses this file and nothing else.
if sys.version_info < (3, 11):
    sys.exit(
        "Sprout needs Python 3.11 or newer and this is %d.%d: install a newer one and run `python3.11 manage.py up`."
        % tuple(sys.version_info[:2])
    )

from config import door

if __name__ == "__main__":
    sys.exit(door.main(sys.argv))
