"""The connections to other systems: the list of them, and the form of one."""
