"""Mutation testing of the rules of clocks and stitching."""
