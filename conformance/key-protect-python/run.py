"""
Runs one half of the scenario against a gateway and prints what came of it as one line of JSON.

    python run.py build-up < input.json

The input, one JSON object: `url` of the API, `instance`, API keys `manager` and `reader`,
`certificates` (PEM by name), `privateKey` (PEM), and for `take-down` the `objects` made meanwhile
(identifiers by state).
REQUESTS_CA_BUNDLE names the certificate of the gateway's authority.
"""

import importlib.metadata
import json
import platform
import sys

from report import Report
from scenario import Scenario


def main():
    half = sys.argv[1]
    report = Report()
    scenario = Scenario(json.load(sys.stdin), report)
    {"build-up": scenario.build_up, "take-down": scenario.take_down}[half]()
    release = importlib.metadata.version("keyprotect")
    client = f"keyprotect {release}, Python {platform.python_version()}"
    print(json.dumps({"client": client, "steps": report.steps}))


if __name__ == "__main__":
    main()
