"""How the machine is: this stage is given the state of machine and battery, and hands on faults and their ends."""
