"""May this caller be told: blind matching of what they say."""
