"""Tests of `assistant.face.detectors`."""
