"""The ``baes`` command: one subcommand a module, imported when it is called for."""
