"""The same work by the pools of Python: python_pools.py <way> <kind> <count> <rounds> <workers> <chunk>

Prints, as JSON, the time of a plain loop and that of a pool which is open and warm, and the sum of the results.
`python_pools.py calibrate` prints the rounds of arithmetic in one microsecond.
"""
import json
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import Pool

MASK = 0xFFFFFFFF
KINDS = {
    'numbers': lambda i: i,
    'short strings': lambda i: f'w{i % 10000}',
    '100-byte strings': lambda i: str(i % 10000).rjust(100, 'x'),
    'small objects': lambda i: {'id': i, 'name': f'n{i % 100}', 'ok': i % 2 == 0},
    '100 KB buffers': lambda i: bytes([i & 255]) + bytes(102399),
}
rounds = 0


def set_rounds(value):
    global rounds
    rounds = value


def seed(item):
    if isinstance(item, int):
        return item
    if isinstance(item, str):
        return len(item) * 31 + ord(item[-1])
    if isinstance(item, bytes):
        return len(item) + item[0]
    return item['id']


def churn(start, times):
    x = (start | 1) & MASK
    for _ in range(times):
        x ^= (x << 13) & MASK
        x ^= x >> 17
        x ^= (x << 5) & MASK
    return x & 0xFFFF


def work(item):
    return churn(seed(item), rounds)


def measure(run):
    start = time.perf_counter()
    result = run()
    return (time.perf_counter() - start) * 1000, result


def open_pool(way, workers, chunk):
    if way == 'executor-chunks':
        pool = ProcessPoolExecutor(workers, initializer=set_rounds, initargs=(rounds,))
        return lambda items: pool.map(work, items, chunksize=chunk)
    pool = Pool(workers, set_rounds, (rounds,))
    chunksize = {} if way == 'imap' else {'chunksize': chunk}
    return lambda items: pool.imap(work, items, **chunksize)


def main(way, kind, count, times, workers, chunk):
    set_rounds(times)
    make = KINDS[kind]

    def items(length):
        return (make(i) for i in range(length))

    def plain():
        return sum(work(item) for item in items(count))

    send = open_pool(way, workers, chunk)
    sum(send(items(max(1, count // 4))))
    plain_ms, expected = measure(plain)
    pool_ms, actual = measure(lambda: sum(send(items(count))))
    assert actual == expected, f'{actual} instead of {expected}'
    print(json.dumps({'plainMs': plain_ms, 'poolMs': pool_ms, 'sum': expected}))


if __name__ == '__main__':
    if sys.argv[1] == 'calibrate':
        print(50 / min(measure(lambda: churn(1, 50000))[0] for _ in range(20)))
    else:
        main(sys.argv[1], sys.argv[2], *map(int, sys.argv[3:7]))
