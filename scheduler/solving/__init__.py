"""CP-SAT models of a problem and the search around them."""
