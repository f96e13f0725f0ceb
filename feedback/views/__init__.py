"""Pages of the loop: load, authorise, validate, call one service, respond."""
