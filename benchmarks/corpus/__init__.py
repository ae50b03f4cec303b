"""Student code, wrong and right, written without a look at the catalogue or the checks."""
