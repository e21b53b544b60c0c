"""How the machine is: this stage is given the machine's state, and hands on faults and their ends."""
