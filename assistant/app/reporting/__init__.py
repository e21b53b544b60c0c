"""Reports of the program: given what the loop found out, publishes facts, says faults, and notifies the supervisor."""
