"""The settings and the options: given files and arguments, hands on values that were checked."""
