"""Conducting: one request from text to running system, and everything durable around it."""
