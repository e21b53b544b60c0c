"""Tests of `assistant.web.headset`."""
