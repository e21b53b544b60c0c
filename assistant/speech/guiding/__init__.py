"""The sound that leads to the face: this part is given where the face is, and returns which sound is played."""
