"""Tests of the commands of quantize, as a person runs them."""
