"""The public timetabling formats: archives read and written without loss."""
