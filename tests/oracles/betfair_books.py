"""The books that betfairlightweight makes of a recorded stream, for a comparison.

    python betfair_books.py FILE

FILE: one message of Betfair's stream a line. Written to standard output: one line of JSON a message,
with all markets as they stand after it:

    {"1.23": {"status": "OPEN", "runners": {"456": {"status": "ACTIVE", "back": [[price, size], …], "lay": […]}}}}

Three levels a side, the best first.
"""

import json
import logging
import sys

from betfairlightweight import StreamListener

# It warns of every conflated message and of the age of a recording.
logging.disable(logging.WARNING)

LEVELS = 3


def best(book):
    return [[level["price"], level["size"]] for level in book[:LEVELS]]


def runner(book):
    return {
        "status": book["status"],
        "back": best(book["ex"]["availableToBack"]),
        "lay": best(book["ex"]["availableToLay"]),
    }


def market(book):
    return {"status": book["status"], "runners": {str(r["selectionId"]): runner(r) for r in book["runners"]}}


def main(path):
    listener = StreamListener(max_latency=None, lightweight=True)
    # 0: a recording, whose messages bear no id.
    listener.register_stream(0, "marketSubscription")
    with open(path, encoding="utf-8") as messages:
        for message in messages:
            listener.on_data(message)
            print(json.dumps({book["marketId"]: market(book) for book in listener.snap()}))


if __name__ == "__main__":
    main(sys.argv[1])
