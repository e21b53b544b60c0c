"""Reads pictures: given a file or bytes from anybody, hands on upright gray pixels, or one line that says why not."""
