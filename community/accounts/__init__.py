"""A member's own affairs that concern the whole account: its name, its data, its claims, its end."""
