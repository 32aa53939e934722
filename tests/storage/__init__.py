"""Proofs of the storage, the same on both databases."""
