"""The detectors: each finds the faces of a gray frame; `registry` lists them."""
