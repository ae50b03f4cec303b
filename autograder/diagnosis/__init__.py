"""Which mistake gives these numbers? A name where one formula gives them all, else a pattern or a place."""
