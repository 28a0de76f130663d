"""Meetups: arranged by staff, answered by members, with a waiting list, reminders, a door and a calendar."""
