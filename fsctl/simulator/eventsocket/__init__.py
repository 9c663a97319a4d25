"""The event socket: programs that connect to the switch, and controllers that it connects to."""
