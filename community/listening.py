"""Who owes what for which fact: the register of listeners."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from community.models.activity import Activity
from community.verbs import Verb

# A listener is handed a batch in one transaction and answers the activities it leaves owed, if any.
Listener = Callable[[Sequence[Activity]], Iterable[Activity] | None]


@dataclass(frozen=True)
class Registered:
    """A listener under its stable name."""

    name: str
    verbs: frozenset[Verb]
    run: Listener
    batch: int


REGISTER: dict[str, Registered] = {}


def listen(*verbs: Verb, name: str, batch: int = 200) -> Callable[[Listener], Listener]:
    """The function is owed every later activity of these verbs, in batches of at most `batch`.

    It must be idempotent and must not depend on order. Activities it returns stay owed.
    """

    def register(run: Listener) -> Listener:
        if name in REGISTER and REGISTER[name].run is not run:
            raise ValueError(f"Two listeners are called {name}.")
        REGISTER[name] = Registered(name, frozenset(verbs), run, batch)
        return run

    return register


def listeners_of(verb: Verb) -> list[str]:
    """The names of all listeners of a verb, in a steady order."""
    return sorted(entry.name for entry in REGISTER.values() if verb in entry.verbs)
