"""Colours by role, fonts, icons and the one stylesheet."""
