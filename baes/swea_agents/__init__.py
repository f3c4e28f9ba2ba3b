"""The agents that write the code of a managed system."""
