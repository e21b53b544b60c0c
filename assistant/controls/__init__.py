"""What the wearer asks for: given presses, keys and requests, hands on commands."""
