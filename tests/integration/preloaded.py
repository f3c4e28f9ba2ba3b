"""Every module of BAES, imported once, for the process that the tests' commands are forked from."""

import importlib
import pkgutil

import baes

for _module in pkgutil.walk_packages(baes.__path__, "baes."):
    if not _module.name.endswith("__main__"):
        importlib.import_module(_module.name)
