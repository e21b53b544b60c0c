"""The page in a browser, for a sighted helper, for the wearer with a screen reader, and others without a headset."""
