"""Tester groups in layers: who is asked in, who applies, who rests, and how everybody is told.

The rules are those of rings (research on mechanisms, 2.9): joining is a wish and leaving is free at any time; applications
are read by contribution and not by arrival; nobody is put out in masses and nobody owes a chore; who has been away for
eight weeks rests and comes back with one tap.
"""
