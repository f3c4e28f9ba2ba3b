"""What the shell starts: ``baes``, and ``python -m baes.cli``."""

import gc
import signal

__all__ = ["run"]

INTERRUPTED = 130


def run() -> int:
    """Run the command line that the process was given; gives the exit status.

    A command spends its first fifth of a second on imports. Ctrl-C ends it there without a word,
    as nothing was begun; Python would print in which line of which import it was.
    """
    heeded = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if heeded:  # else whoever started the process wants it to go on
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    # Imports allocate much and free nothing, so looking for garbage meanwhile only costs a seventh
    # of the command's start. ``main`` switches it on again before it runs anything.
    gc.disable()
    from baes.cli.main import main

    try:
        if heeded:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        return main()
    except KeyboardInterrupt:  # before a command was chosen
        return INTERRUPTED
