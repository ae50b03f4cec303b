"""The book's exercises, a chapter a file."""
