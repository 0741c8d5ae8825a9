"""Rule kinds that judge what a school records."""
