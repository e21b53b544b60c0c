"""The commands of `quantize`, a module each: what it takes, and what it does with that."""
