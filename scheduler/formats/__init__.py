"""The public timetabling formats, read and written."""
