"""What an administrator sets: the connections to other systems."""
