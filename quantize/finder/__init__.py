"""Makes the finder: it is given pictures of faces and scenes, and hands on the network that finds faces."""
