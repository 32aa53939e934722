"""How everything looks in Slack: plain functions from state to Block Kit."""
