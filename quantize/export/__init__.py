"""Is given a trained network, and hands on the headset's file with its card and its page."""
