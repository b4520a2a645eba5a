"""The stop button: the first press is noted, the second breaks off, and afterwards all is as before."""

import os
import signal
import threading

import pytest

from helpers.engines.interrupts import interrupts


def press():
    os.kill(os.getpid(), signal.SIGINT)


def test_one_press_is_noted_and_two_break_off():
    before = signal.getsignal(signal.SIGINT)
    with interrupts() as asked:
        assert not asked
        press()
        assert asked == [signal.SIGINT]
    assert signal.getsignal(signal.SIGINT) is before
    with pytest.raises(KeyboardInterrupt), interrupts() as asked:
        press()
        press()
    assert signal.getsignal(signal.SIGINT) is before and len(asked) == 1


def test_an_error_inside_gives_the_button_back():
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(ZeroDivisionError), interrupts():
        raise ZeroDivisionError
    assert signal.getsignal(signal.SIGINT) is before


def test_another_thread_may_not_take_the_button():
    seen, before = [], signal.getsignal(signal.SIGINT)

    def work():
        with interrupts() as asked:
            seen.append((list(asked), signal.getsignal(signal.SIGINT)))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [([], before)]
