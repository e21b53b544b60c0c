"""Is given a model in any file format and a data set, and hands on measures, tables and plots of its scores."""
