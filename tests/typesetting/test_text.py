"""The plain text, compared whole."""

from __future__ import annotations

from meetings.typesetting.text import render_text

from .samples import make_report

TEXT = """\
Example Council 2031
Atlantis, 3-5 June 2031

Agenda item: PL 4
Document X31/8-E
2 May 2031
Original: English

Report by the Chair of the Example Group

REPORT ON THE ACTIVITIES OF THE EXAMPLE GROUP

Purpose
To inform.
And to ask.

Action required
To take note of paragraph 1.2.

_______________

References
Rule 12

1\tActivities

1.1\tThe Group met on 3\u20114\u00a0June, which was late and cold.

1.2\tIt agreed:
a)\tto meet again;
(i)\tsoon;
(ii)\tlate;
b)\tto part.

Without a number:
–\tone;
–\ttwo.

2\tRecommendations

2.1\tAs said in 1.1.

Ada Example (Atlantis)
Chair, Example Group
"""


def test_a_whole_report_as_text() -> None:
    assert render_text(make_report()) == TEXT
