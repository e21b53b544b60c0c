"""Stand-ins for parts of the world: cameras, speakers, sound devices, supervisors, stores, the wearer's ear."""
