"""Who is named or quoted hears of it, once."""
