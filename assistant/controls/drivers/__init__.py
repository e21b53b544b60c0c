"""What can be pressed or asked through: pins, keys, remotes, the socket."""
