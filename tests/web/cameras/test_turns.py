"""Turns: who waits, and who is refused."""

from __future__ import annotations

import asyncio

import pytest

from assistant.web.cameras.turns import NoTurnError, Turns


def test_so_many_at_once_and_so_many_wait():
    """One caller has its turn, one waits, and a third is refused at once without taking a turn from the others."""

    async def come(turns, order, name, leave):
        async with turns.turn():
            order.append(name)
            await leave.wait()

    async def scene():
        turns, order, leave = Turns(1, 1, 10.0), [], asyncio.Event()
        tasks = [asyncio.create_task(come(turns, order, name, leave)) for name in "abc"]
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        assert done == {tasks[2]}
        assert isinstance(tasks[2].exception(), NoTurnError)
        assert order == ["a"]
        leave.set()
        await asyncio.gather(*tasks[:2])
        assert order == ["a", "b"]
        async with turns.turn():
            return

    asyncio.run(scene())


def test_nobody_waits_for_ever():
    """A caller that has given up waiting does not block the next one."""

    async def scene():
        turns = Turns(1, 1, 0.05)
        async with turns.turn():
            for _ in range(3):
                with pytest.raises(NoTurnError):
                    await turns._begin()
        async with turns.turn():
            return

    asyncio.run(scene())
