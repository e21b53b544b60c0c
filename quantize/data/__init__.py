"""Is given tables and folders of labelled faces, and hands on samples with labels and votes, and negatives."""
