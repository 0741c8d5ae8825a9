"""Bell schedules made to obey a rule set, and judged by one."""
