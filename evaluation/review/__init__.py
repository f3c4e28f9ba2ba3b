"""How well code is reviewed: good artifacts of random systems, and faulty ones made from them."""
