"""What a system is, and how it changes: the one language that all parts of BAES speak.

Pure values and functions; nothing here touches a file (but its own packaged tables), a clock, a
process or a network.
"""
