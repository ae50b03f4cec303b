"""What is asked of ordinary numbers, and beside it of others: the names of the parts of the points."""

ORDINARY_NUMBERS, OTHER_SIZES = "ordinary numbers", "tiny and large numbers"
ORDINARY_Z, LARGE_Z = "ordinary z", "large |z|"
ORDINARY_BESIDE = {OTHER_SIZES: ORDINARY_NUMBERS, LARGE_Z: ORDINARY_Z}
