"""Rights: what is protected, and what a house makes, asks for and allows."""
