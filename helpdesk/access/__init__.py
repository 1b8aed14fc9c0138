"""Who is at the desk and what they may do."""
