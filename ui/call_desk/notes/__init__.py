"""What the handler writes down, and how the call ended."""
