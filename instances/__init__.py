"""Nouns: what a timetabling problem is. No solver, no file formats."""
