"""Organisations and the services they offer: who they are, where, and how a patient reaches them."""
