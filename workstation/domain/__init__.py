"""What the words of the desk mean: frozen data and pure functions, nothing else."""
