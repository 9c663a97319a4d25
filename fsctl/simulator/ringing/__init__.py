"""Who is rung by a dial string, for how long, and who wins."""
