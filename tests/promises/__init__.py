"""What the office file and the command line promise, point by point."""
