"""A lab for a class: a folder with everything that it needs, and a board that shows how far everybody is."""
