"""Polls under posts: made, answered, counted, closed and decided on."""
