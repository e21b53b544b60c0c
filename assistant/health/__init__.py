"""How the machine is: given its state, hands on faults and their ends."""
