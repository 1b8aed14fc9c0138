"""Finding who is calling: one box that takes anything said."""
