"""Tests of what surrounds the program: scripts, packages, units, lists, documents."""
