"""Runs the shipped networks: given a .tflite file with its card, hands on what the interpreter calculates."""
