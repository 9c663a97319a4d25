"""What is promised of answers and exits, over all commands that there are."""
