"""Advisors: they read what is said and suggest; deciding stays with people."""
