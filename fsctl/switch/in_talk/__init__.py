"""Codes that people dial in a talk: heard by the link, and performed beside the talk, which goes on."""
