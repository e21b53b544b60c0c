"""Tests of making the finder, with drawn faces and scenes."""
