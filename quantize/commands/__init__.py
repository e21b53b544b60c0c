"""The commands of `quantize`, one in each module, which is given the command line and prints what was done."""
