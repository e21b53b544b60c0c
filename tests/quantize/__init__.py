"""Tests of training, conversion and evaluation."""
