"""Everything outside the core, one folder each; no folder knows another."""
