# Run by hand · tests/experiments
"""What measures the course: each module is a command whose tables lie in `experiments.results`."""
