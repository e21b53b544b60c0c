"""Joins the stages to the program that runs: given settings, sees, decides and speaks until it is stopped."""
