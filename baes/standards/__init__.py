"""The standards of generated code: the rules as data, and the small code that applies them."""
