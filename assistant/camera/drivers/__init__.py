"""The cameras: sensors, recordings and drawings that give frames."""
