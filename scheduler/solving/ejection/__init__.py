"""A first legal timetable by ejection: place a lesson where it drives out the least, and go on with what was driven out.

Tabu search over incomplete timetables (TabuCol with a partial colouring: Blöchliger & Zufferey 2008; iterative forward search: Müller
2005; ``search``), in turn with chains that are undone where they fail (``chains``, on ``standing``). What is placed always satisfies the
requirements that are looked at: between lessons (``pairs``), on days and weeks of people (``weeks``), on rooms. Neighbourhood search
mends what is nearly legal (``legal``), and the checker has the last word.
"""
