"""The calls there were before about this patient."""
