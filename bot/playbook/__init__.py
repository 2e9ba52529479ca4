"""How a team responds, as data: the playbook's shape, and how it is read and kept."""
