"""Rule kinds that judge a bell schedule."""
