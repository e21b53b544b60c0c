"""Fuzzing: bad inputs of every kind, drawn from a seed, go through the real commands; `script/fuzz` runs it."""
