"""What acts without a call that asks for it: books put right, lamps, calls that come back from hold."""
