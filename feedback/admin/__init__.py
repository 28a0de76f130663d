"""Feedback in the admin: the triage desk, proposals, roadmap, releases and the score's constants; one module each."""
