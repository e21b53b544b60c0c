"""Decides who may open the page, how often, and for how long."""
