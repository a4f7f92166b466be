"""Search over the record, by number or by words.

`asking` reads what was typed, `excerpts` shows where words stand in a text: both are pure.
`matching` says in queries what a word may stand in; `finding` finds the rows of one's groups.
"""

from cwg.searching.asking import Asked, read
from cwg.searching.finding import Found, Hit, find

__all__ = ["Asked", "Found", "Hit", "find", "read"]
