"""The HTTP door: Slack by signed requests, health, metrics."""
