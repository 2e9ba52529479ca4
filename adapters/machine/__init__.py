"""This machine, as the doctor looks at it: the names and values in its environment, its ports, the way out of it."""
