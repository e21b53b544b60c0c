"""Whose face: given a gray frame, hands on the faces in it, each with its box, score, points and pose."""
