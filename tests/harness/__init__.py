"""What the tests stand on: real databases, a Slack of our own, and a clock that obeys."""
