"""How often an address may ask."""

from __future__ import annotations

from assistant.web.access.rates import MOST_ADDRESSES, Rates


def test_a_bucket_fills_with_time():
    """An address may ask twice at once and then once a second; another address has its own bucket."""
    rates = Rates(a_second=1.0, at_once=2)
    assert [rates.take("a", now) for now in (0, 0, 0, 0.5, 1, 1.5, 9, 9, 9)] == [
        *(True, True, False, False, True, False),
        *(True, True, False),
    ]
    assert rates.take("b", 9)


def test_no_more_addresses_are_remembered_than_there_is_room_for():
    """The addresses that asked last are remembered."""
    rates = Rates(a_second=0.0, at_once=1)
    for number in range(MOST_ADDRESSES + 9):
        rates.take(str(number), 0)
    assert not rates.take(str(MOST_ADDRESSES + 8), 0)
    assert rates.take("0", 0)
