"""The drivers of the voice: engines, the phrases that they have rendered, and the devices that play them."""
