"""The desk's own database: the only SQLAlchemy in the program."""
