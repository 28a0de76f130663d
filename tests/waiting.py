"""Waiting for what other processes do."""

import time


def until(condition, within=45.0):
    """The condition's own answer, waited for; a test that waits in vain fails with its name."""
    end = time.monotonic() + within
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError(f"in vain: {condition}")
