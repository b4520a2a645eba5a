# Run by make · tests/course
"""What makes and tends the course: runs it, draws pages and slides, hands out, collects, checks the environment."""
