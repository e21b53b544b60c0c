"""Is given frames and a recipe, and hands on the trained network with the facts of its training."""
