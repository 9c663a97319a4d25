"""What FreeSWITCH reads: dialplan and directory, made from the office."""
