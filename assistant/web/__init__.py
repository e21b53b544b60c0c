"""The page: for a sighted helper, for who has no headset, and for the wearer with a screen reader."""
