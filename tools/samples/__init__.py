"""A made-up shop, five weeks of its mail, and the files that each system would have exported of it."""
