"""Is given faces and a mesh of points on each, and hands on an output of the emotion network for movements."""
