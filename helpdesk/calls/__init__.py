"""The call: a draft on disk from its first second, and a record that is never edited once it is saved."""
