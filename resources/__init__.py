"""Fonts, icons, stylesheet, signposting content and reference data."""
