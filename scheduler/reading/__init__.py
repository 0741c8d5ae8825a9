"""Excel course plans in, School out."""
