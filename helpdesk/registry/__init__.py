"""Finds connectors by their manifests and makes the instances that the configuration asks for."""
