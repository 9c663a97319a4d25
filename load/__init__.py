"""Measures what a call costs fsctl, beside other servers of FreeSWITCH's outbound event socket."""
