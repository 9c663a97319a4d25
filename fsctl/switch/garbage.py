"""How often Python looks for garbage that refers to itself: what a call leaves behind, and not the office."""

import gc
from typing import Final

#: Objects that must have been made and kept since the last look. Python's 700 are less than two calls, and every look
#: goes through all that the calls which ring have; a call that is over leaves some 170, with 90 kB of events.
_YOUNG: Final = 10_000

#: Looks at the youngest before one at those that survived it, and of these before one at all there is.
_OLDER: Final = (20, 20)


def settle() -> None:
    """What there is now, stays: it is never looked through again. Then calls are served, and looked after rarely."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, *_OLDER)
