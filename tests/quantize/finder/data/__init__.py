"""Tests of reading and packing the finder's pictures."""
