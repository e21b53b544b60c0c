"""Is given what a network should answer, and hands on Keras networks, their files, and their TFLite files."""
