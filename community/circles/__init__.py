"""Circles: proposed by members, opened by their number and by somebody who looks after them, closed by people alone.

The rule is mechanism 70 (research on mechanisms, S1 §3.3): any member can propose one; it opens at twenty and one steward.
"""
