"""What is kept: the office as documents, who changed what, and the journal of calls. SQLite or PostgreSQL."""
