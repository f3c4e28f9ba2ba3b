"""The language model: asked last, for what nothing else answers, and never believed unchecked.

Any OpenAI-compatible server will do. Nothing else in BAES imports the SDK, and this package does so
only when it asks.
"""
