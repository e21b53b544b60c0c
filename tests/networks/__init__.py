"""Tests of `assistant.networks`."""
