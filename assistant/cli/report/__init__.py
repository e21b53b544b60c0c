"""`assistant report`: the command, and what it collects of the program, the machine and the journal."""
