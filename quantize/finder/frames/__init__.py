"""Is given faces and scenes, and hands on composed frames with the boxes and points of the faces in them."""
