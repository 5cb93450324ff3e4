"""The letter puzzle by a pool of Python: puzzle.py <letters> <workers> <chunk>; prints ms, and the words, as JSON."""
import json
import os
import sys
import time
from itertools import permutations
from multiprocessing import Pool

words = frozenset()


def load():
    global words
    with open(os.environ['EISENMP_BENCH_WORDS'], encoding='utf-8') as file:
        words = frozenset(file.read().split('\n'))


def find(arrangement):
    word = ''.join(arrangement)
    return word if word in words else None


if __name__ == '__main__':
    start = time.perf_counter()
    with Pool(int(sys.argv[2]), load) as pool:
        results = pool.imap_unordered(find, permutations(sys.argv[1]), chunksize=int(sys.argv[3]))
        found = [word for word in results if word]
    print(json.dumps({'ms': (time.perf_counter() - start) * 1000, 'found': found}))
