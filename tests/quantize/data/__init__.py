"""Tests of the data sets, of their pictures and of what is made of them."""
