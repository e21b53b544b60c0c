"""Bad inputs of every kind, drawn from a seed, tried through the real commands; `script/fuzz` runs it."""
