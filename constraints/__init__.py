"""Rules: what makes a timetable legal and what makes it good."""
