"""The forms that people fill in, one module each; every block id is the name of a field in a refusal."""
