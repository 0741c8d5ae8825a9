"""Constraints on timetables, one file each: definition, check, CP-SAT encoding, sentence."""
