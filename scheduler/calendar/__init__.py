"""Real dates: the school calendar (校历), calendar files and the week's notice board."""
