"""Verbs: read, compile, solve, explain, audit, write; the command line."""
