"""Reads pictures: given a file or bytes of a stranger, hands on gray pixels the right way up, or one line why not."""
