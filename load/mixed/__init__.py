"""Mixed traffic on a real FreeSWITCH: what fsctl uses of the processors beside it, and how soon it rings."""
