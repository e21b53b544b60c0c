"""From a trained network to the headset's file with its card."""
