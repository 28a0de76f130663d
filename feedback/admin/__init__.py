"""Feedback in the admin: the triage desk, proposals, roadmap, releases and the score's constants; one module each."""

from feedback.admin import departments, desk, plans, proposals, releases, roadmap, scores

__all__ = ["departments", "desk", "plans", "proposals", "releases", "roadmap", "scores"]
