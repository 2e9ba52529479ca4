"""The forge: proposes branches to be merged, and says which changes are."""
