"""Swap suggestions: where a lesson can go, alone or in exchange, and what it does to quality."""
