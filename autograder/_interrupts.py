"""Interrupts of the main thread, and Ctrl-C that is never lost.

Python raises it wherever it is at work. Where that is a callback that nobody waits for (of an object that
goes, of a weak reference), it prints a traceback and goes on as if nothing had been pressed.
"""

import _thread
import signal
import sys

# Long enough for the callback to be over
SECONDS_LATER = 0.02


def keep_interrupts() -> None:
    """From now on an interrupt that was raised in vain comes again, a moment later."""
    sys.unraisablehook = _come_again


def interrupt() -> None:
    """KeyboardInterrupt in the main thread, also while it sleeps or waits, where the system can do that."""
    from threading import main_thread

    main = main_thread().ident
    if sys.platform != "win32" and main is not None:
        signal.pthread_kill(main, signal.SIGINT)
    else:
        _thread.interrupt_main()


def _come_again(unraisable: "sys.UnraisableHookArgs") -> None:
    if not issubclass(unraisable.exc_type, KeyboardInterrupt):
        sys.__unraisablehook__(unraisable)
        return
    from threading import Timer

    later = Timer(SECONDS_LATER, interrupt)
    # It keeps no program from ending.
    later.daemon = True
    later.start()
