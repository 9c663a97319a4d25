"""The inbound side: what FreeSWITCH tells of all calls, and what this process knows of them by that."""
