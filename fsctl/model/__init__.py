"""What the office is and what happens to calls, as plain immutable data. No clock, socket or database."""
