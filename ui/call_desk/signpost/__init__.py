"""Help that can be given to this caller, and the way it goes out."""
