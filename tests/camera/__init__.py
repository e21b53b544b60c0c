"""Tests of `assistant.camera`."""
