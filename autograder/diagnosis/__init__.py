"""Which mistake gives these numbers? Names where one formula reproduces them all, patterns and places else."""
