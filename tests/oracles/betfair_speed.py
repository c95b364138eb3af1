"""Seconds that betfair_data and betfairlightweight take to read one stream file, best of three.

Usage: betfair_speed.py FILE   (one mcm message a line)
Prints one JSON object; a package that is not installed is named under "missing".
"""

import json
import sys
import time


def best(read, path):
    times = []
    for _ in range(3):
        start = time.perf_counter()
        count = read(path)
        times.append(time.perf_counter() - start)
    return {"seconds": min(times), "updates": count}


def with_betfair_data(path):
    import betfair_data

    count = 0
    for file in betfair_data.Files([path]):
        for _ in file:
            count += 1
    return count


def with_betfairlightweight(path):
    import betfairlightweight
    from betfairlightweight import StreamListener

    client = betfairlightweight.APIClient("user", "password", app_key="key")
    listener = StreamListener(max_latency=None, lightweight=False)
    stream = client.streaming.create_historical_generator_stream(file_path=path, listener=listener)
    count = 0
    for books in stream.get_generator()():
        count += len(books)
    return count


def main():
    path = sys.argv[1]
    result, missing = {}, []
    for name, read in [("betfair_data", with_betfair_data), ("betfairlightweight", with_betfairlightweight)]:
        try:
            result[name] = best(read, path)
        except ImportError as error:
            missing.append(str(error))
    if missing:
        result["missing"] = missing
    json.dump(result, sys.stdout)


main()
