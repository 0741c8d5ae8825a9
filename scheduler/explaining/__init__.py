"""Why there is no timetable, and what would make one possible: in the office's words, with cells."""
