"""The rules of incident escalation: pure functions over frozen values."""
