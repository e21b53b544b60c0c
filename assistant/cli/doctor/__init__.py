"""`assistant doctor`: the command, and the checks it makes."""
