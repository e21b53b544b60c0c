"""The commands of `assistant`, a module each: `add` gives it its arguments."""
