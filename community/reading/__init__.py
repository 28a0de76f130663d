"""Reading: what follows from the signs people leave."""
