"""Templates of the database, and what they share with the generator that looks before it acts."""
