"""Group and team telephony for FreeSWITCH."""

__version__ = "0.1.0"
