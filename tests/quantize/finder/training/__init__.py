"""Tests of training the finder."""
