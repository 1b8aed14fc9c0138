"""The core of the patient helpdesk: what the desk knows and may do, with no window and no HTTP client in it."""

__version__ = "0.1.0"
