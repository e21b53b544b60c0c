"""The face detectors: each is given a gray frame and hands on its faces; `registry` lists them."""
