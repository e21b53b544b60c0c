"""Faces: given a gray frame, hands on the people in it, each followed from frame to frame."""
