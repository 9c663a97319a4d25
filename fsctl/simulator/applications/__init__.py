"""What a dialplan or a controller executes on a channel, and the table of it."""
