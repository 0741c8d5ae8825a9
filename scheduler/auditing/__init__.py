"""Judging timetables that somebody else made: rule by rule, posted against executed, one school or a district."""
