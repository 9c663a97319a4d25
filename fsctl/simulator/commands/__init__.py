"""What ``api`` runs, and the table of it."""
