"""The same students by hand, the usual way: what the generated API is compared with."""
