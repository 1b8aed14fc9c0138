"""Work that somebody must do later: call-backs, hand-offs, failed messages, alerts."""
