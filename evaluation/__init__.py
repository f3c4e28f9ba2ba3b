"""How well requests are understood: corpora of requests, what each must be taken for, a judge."""
