"""Is given a trained network, and hands on the headset's file with its thresholds, its measures and its card."""
