"""The clockwork: what falls due is run, what is to be said is sent, and nothing but the database remembers."""
