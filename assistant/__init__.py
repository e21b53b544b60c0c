"""The software of a headset that says to a visually impaired person what the face in front shows."""
