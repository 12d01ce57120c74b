"""The law that matters run under: versions kept, and rules that a named person stands for."""
