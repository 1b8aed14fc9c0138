"""What is remembered of outside systems, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from storage_facts import MovableClock

from helpdesk.storage.database import Database
from helpdesk.storage.outside import SqlDailyUse, SqlKept, SqlSourceHealth


def test_a_kept_reply_is_given_back_with_its_time_and_replaced(database: Database, clock: MovableClock) -> None:
    kept = SqlKept(database, clock)
    assert kept.get("ods", "XFC01") is None
    kept.put("ods", "XFC01", "first")
    first = clock.now()
    assert kept.get("ods", "XFC01") == ("first", first)
    clock.moment += timedelta(days=1)
    kept.put("ods", "XFC01", "second")
    kept.put("other", "XFC01", "not this")
    assert kept.get("ods", "XFC01") == ("second", clock.now())
    assert [key for key, _, _ in kept.all_of("ods")] == ["XFC01"]


def test_a_daily_limit_is_counted_over_threads_and_begins_again_next_day(database: Database, clock: MovableClock) -> None:
    use = SqlDailyUse(database, clock)
    with ThreadPoolExecutor(6) as pool:
        allowed = list(pool.map(lambda _: use.take("ers", "REVIEW:1", 2), range(12)))
    assert allowed.count(True) == 2
    assert use.take("ers", "REVIEW:2", 2)
    clock.moment += timedelta(days=1)
    assert use.take("ers", "REVIEW:1", 2)


def test_a_failure_does_not_forget_the_last_answer(database: Database, clock: MovableClock) -> None:
    health = SqlSourceHealth(database, clock)
    health.answered("pds")
    answered = clock.now()
    clock.moment += timedelta(hours=1)
    health.failed("pds", "PDS did not answer in time.")
    (held,) = health.all()
    assert (held.source, held.answered, held.failed) == ("pds", answered, clock.now())
    assert held.message == "PDS did not answer in time."
