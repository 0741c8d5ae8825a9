"""School -> Problem, and a Timetable of the problem back to the office's words."""
