"""`python -m helpdesk.cli` is the command `helpdesk`."""

import sys

from helpdesk.cli import main

sys.exit(main())
