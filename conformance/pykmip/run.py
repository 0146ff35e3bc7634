"""
Runs PyKMIP against a server and prints what it found as one line of JSON.

    python run.py pie 1.4 --host 127.0.0.1 --port 5696 \\
        --ca data/pki/ca.crt --cert data/pki/client.crt --key data/pki/client.key
"""

import argparse
import importlib.metadata
import json
import logging
import platform

from pie_layer import PieLayer
from proxy_layer import ProxyLayer
from report import Report
from scenario import LowLevelScenario, Scenario

LAYERS = {"pie": (PieLayer, Scenario), "proxy": (ProxyLayer, LowLevelScenario)}


def main():
    parser = argparse.ArgumentParser(description=__doc__.strip().splitlines()[0])
    parser.add_argument("layer", choices=LAYERS)
    parser.add_argument("kmip_version", choices=["1.0", "1.1", "1.2", "1.3", "1.4", "2.0"])
    parser.add_argument("--host", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--ca", required=True, help="certificate of the authority, PEM")
    parser.add_argument("--cert", required=True, help="certificate of the client, PEM")
    parser.add_argument("--key", required=True, help="private key of the client, PEM")
    parser.add_argument("--ssl-version", help="constant of Python's ssl, e.g. PROTOCOL_TLSv1_2")
    options = parser.parse_args()

    logging.disable(logging.WARNING)  # PyKMIP warns that it has no configuration file
    make_layer, make_scenario = LAYERS[options.layer]
    layer = make_layer(options)
    report = Report()
    tls = layer.open()
    try:
        make_scenario(layer, report, f"{options.layer} {options.kmip_version}").run()
    finally:
        layer.close()
    client = f"PyKMIP {importlib.metadata.version('pykmip')}, Python {platform.python_version()}"
    print(json.dumps({"client": client, "tls": tls, "steps": report.steps}))


if __name__ == "__main__":
    main()
