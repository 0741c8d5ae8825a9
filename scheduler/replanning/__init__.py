"""The timetable after it was published: reread with edits made by hand, and changed as little as possible when the plan changes."""
