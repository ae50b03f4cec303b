"""What a course says and holds: its policies, its configuration, what was handed in, its own exercises."""
