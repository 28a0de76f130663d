"""What a user would miss: attempts to see, forge, flood and smuggle."""
