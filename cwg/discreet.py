"""What is written down about a running site, without what opens somebody's private pages."""

from __future__ import annotations

import logging
import re

# A private link is the whole authority over what it leads to, and an address is logged with it
SECRET = re.compile(
    r"(/(?:contribute|follow/confirm|follow/end|password/reset/key|desk/co-sponsor"
    r"|accounts/invitation)/)[^/\s\"']+"
)


class DiscreetFormatter(logging.Formatter):
    """Write a line as any other formatter does, with […] in place of the secret of an address."""

    def format(self, record: logging.LogRecord) -> str:
        return SECRET.sub(r"\1[…]", super().format(record))
