"""The networks that can be trained: each function is given the outputs that are wanted, and hands on a Keras model."""
