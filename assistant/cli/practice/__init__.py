"""`assistant practice`: the command, and the lessons it gives."""
