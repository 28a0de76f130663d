"""Dates and numbers in Chinese, simplified and traditional alike."""
