"""The published six-step benchmark, carried out from outside: real commands, real HTTP."""
