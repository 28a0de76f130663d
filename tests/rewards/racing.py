"""Real processes that start at the same instant, for races that threads would not show."""

import multiprocessing
import os
import signal
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection, connections

FORK = multiprocessing.get_context("fork")


def race(run: Callable[[Any], Any], arguments: Sequence[Any]) -> list[Any]:
    """One process per argument, all let go together; their answers, an exception's name where one was raised."""
    # A forked connection would be shared by all, so nobody inherits one.
    connections.close_all()
    gate, answers = FORK.Barrier(len(arguments)), FORK.SimpleQueue()

    def child(number: int, argument: Any) -> None:
        gate.wait(timeout=30)
        try:
            answer = run(argument)
        except Exception as fault:
            answer = type(fault).__name__
        answers.put((number, answer))
        connections.close_all()

    runners = [FORK.Process(target=child, args=pair) for pair in enumerate(arguments)]
    for runner in runners:
        runner.start()
    found = dict(answers.get() for _runner in runners)
    for runner in runners:
        runner.join(timeout=30)
    return [found[number] for number in range(len(arguments))]


def killed_after(statement: int, run: Callable[[], Any]) -> bool:
    """A process runs it and is killed, with no chance to say anything, once so many statements were made; 0 lets it end."""
    connections.close_all()

    def child() -> None:
        made = 0

        def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            nonlocal made
            answer = execute(sql, params, many, context)
            made += 1
            if made == statement:
                os.kill(os.getpid(), signal.SIGKILL)
            return answer

        with connection.execute_wrapper(count):
            run()
        os.kill(os.getpid(), signal.SIGKILL) if statement == 0 else os._exit(0)

    runner = FORK.Process(target=child)
    runner.start()
    runner.join(timeout=30)
    return runner.exitcode == -signal.SIGKILL
