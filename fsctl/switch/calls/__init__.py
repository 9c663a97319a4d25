"""One call, from connect to hang-up."""
