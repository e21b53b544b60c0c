"""The software of a headset that tells a visually impaired person what the face in front shows."""
