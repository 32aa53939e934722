"""What Slack enforces: arguments, scopes, rates, and the shape of blocks and views."""
