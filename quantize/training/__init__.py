"""Is given data sets and a recipe, and hands on a trained Keras network with the facts of its training."""
