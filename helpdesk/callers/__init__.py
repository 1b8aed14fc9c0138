"""Who is on the line and what they may be told."""
