"""One function for each thing a person, an event or the clock can ask for: load, decide, apply, return."""
