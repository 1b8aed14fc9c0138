"""The desk's window (PySide6): views that show, presenters without Qt, and nothing that waits."""
