"""Local search over start times by Kempe chains: the days and gaps of hundreds of people, where a model takes seconds to ask."""
