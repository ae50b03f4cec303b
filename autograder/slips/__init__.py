"""What goes wrong in deriving a gradient by hand, derived from the forward pass itself.

A slip is one backward rule of a tape exchanged for another: a path left out, a slope forgotten, a sum over
the batch not taken. It holds no numbers, so it applies to every run of the same function; without exchange
the gradient is right.

- `slip`: what a slip is, and what is known of the traced run; one file a family of them;
- `catalogue`: what each gives on an exercise's probes, and which of them give the same;
- `sentences`: a slip in words, in the names of the author's own code.
"""
