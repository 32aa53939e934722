"""Measuring Tocsin: one command, one table, one JSON file. See README.md beside this."""
