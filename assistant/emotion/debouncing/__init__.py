"""Decides what has become a fact: given the observations of frames, hands on arrivals, departures and emotions."""
