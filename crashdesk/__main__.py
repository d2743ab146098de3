"""`python -m crashdesk` is `crashdesk`."""

from __future__ import annotations

import sys

from crashdesk.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
