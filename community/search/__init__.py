"""Search: what posts and comments say, found in both Chinese scripts, in English and in spite of slips.

`find(viewer, Wanted(...))` answers one page; `saying(words)` narrows a list of standings. How it works is in
docs/search.md.
"""

from community.search.finding import Found, Hit, find
from community.search.matching import saying
from community.search.wanted import Wanted

__all__ = ["Found", "Hit", "Wanted", "find", "saying"]
