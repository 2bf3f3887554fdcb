import threading

from engine.store import keys
from engine.store.keys import new_key


def test_keys_grow_and_fit_into_63_bits():
    made = [new_key() for _ in range(10_000)]
    assert made == sorted(set(made))
    assert 0 < made[0] < made[-1] < 2**63


def test_keys_grow_even_when_the_clock_of_the_machine_steps_back(monkeypatch):
    before = new_key()
    monkeypatch.setattr(keys.time, "time_ns", lambda: 0)
    assert before < new_key() < new_key()


def test_threads_never_share_a_key():
    made: list[int] = []

    def work() -> None:
        made.extend([new_key() for _ in range(2_000)])

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 16_000
