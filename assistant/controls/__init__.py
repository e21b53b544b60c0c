"""What the wearer asks for: this stage is given presses, keys and requests, and hands on commands."""
