"""Is given a folder of labelled faces and scenes, and hands on one file with the pictures that training may see."""
