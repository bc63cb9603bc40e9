"""What the command line can ask of a desk, as data: carried out in this process or by the running owner."""
