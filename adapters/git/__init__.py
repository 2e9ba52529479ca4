"""The repository in which post-mortems and the log of incidents are kept, through the git command line."""
