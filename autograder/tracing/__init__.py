"""One forward pass, traced: its gradient, the rounding of that gradient, and what goes wrong in deriving it
by hand.

- `tape`: the operations of one run, as nodes; `array`: the array that records them; `trace`: runs a
  function with it;
- `source`: where in the author's file an operation stands, and what it is called there;
- `elementwise`, `reductions`, `shaping`, `products`, `fused`: the primitives, each with its backward rule;
- `gradient`: reverse mode over a tape, with any rule exchanged for another.

NumPy only: all of this runs in a browser too.
"""
