"""Rule kinds about placing lessons: judged on a timetable, and put to the solver as courses and lines of 排课要求."""
