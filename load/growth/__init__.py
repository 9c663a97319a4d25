"""Measures how the cost of a call grows with what there is: people, calls, waiting callers, lamps, journal."""
