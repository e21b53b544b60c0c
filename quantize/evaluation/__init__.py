"""How well a network does: what it says of pictures, and measures of that."""
