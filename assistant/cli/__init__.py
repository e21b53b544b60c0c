"""The commands of `assistant`, one module each; each module's `add` gives the command its arguments."""
