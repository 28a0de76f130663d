"""Community in the admin: people, places, talk and the record; one module each."""

from community.admin import people, places, record, talk

__all__ = ["people", "places", "record", "talk"]
