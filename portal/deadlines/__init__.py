"""The clock of anything: when a thing is due, why, and what the clock did meanwhile."""
