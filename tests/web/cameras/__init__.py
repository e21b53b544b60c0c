"""Tests of `assistant.web.cameras`."""
