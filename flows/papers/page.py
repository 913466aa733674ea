"""How much one A4 page of a paper holds, in its own text size; whoever renders a paper keeps to it."""

from __future__ import annotations

# In points, 72 to an inch. The page is 595 by 842.
SIZE = 10.0
LEADING = 13.2
MARGIN = 54
WIDTH = 595 - 2 * MARGIN - 14  # of a point's text, beside its bullet
PART_LINES = 1.8  # a part's heading, with the room around it
LINES = 50  # what is left of a page under its title, for parts and points
