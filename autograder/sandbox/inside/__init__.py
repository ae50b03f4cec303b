"""What is shipped as text into the child. Nothing here imports anything of ours."""
