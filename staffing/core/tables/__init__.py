"""Tables that people send, from whatever encoding, delimiter or program, as rows of text. Memory is bounded."""
