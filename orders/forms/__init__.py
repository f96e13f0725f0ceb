"""Forms of the order line. They hold what was typed and say what is wrong with it; the rules are the services'."""
