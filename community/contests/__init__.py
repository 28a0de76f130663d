"""Contests: arranged by staff, entered by members, judged by fans and a jury, decided and honoured."""
