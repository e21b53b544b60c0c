"""Is given the finder and an emotion network, and hands on an output that distinguishes faces from other things."""
