"""Waiting-well cards, and the messages that carry them."""
