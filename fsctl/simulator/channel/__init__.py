"""A leg of a call: what is known of it, what can be done with it, and what its thread executes."""
