"""Files that people send: which are taken, and what is taken out of them."""
