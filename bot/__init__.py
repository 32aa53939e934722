"""Tocsin: incident escalation in Slack, where people decide."""
