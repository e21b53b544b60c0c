"""The drivers of the controls: GPIO pins, keys of a terminal, remotes, the control socket."""
