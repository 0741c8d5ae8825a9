"""Outcome in; Excel, JSON and HTML out."""
