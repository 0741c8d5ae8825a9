"""Rule kinds that judge the course plan."""
