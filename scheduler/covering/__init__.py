"""Absences: who covers which lesson on which date, by substitution or by swap, optimised together."""
