"""Making the finder, on a small folder of drawn faces and scenes."""
