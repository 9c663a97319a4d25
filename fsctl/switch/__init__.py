"""Everything FreeSWITCH."""
