"""The servers that are compared: each a program that listens on the port it is given, and says ``ready``."""
