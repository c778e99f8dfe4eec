"""Asks etcd for its status through etcd3gw. Ends with 0 when etcd has answered."""

import json
import sys
import urllib.parse

import etcd3gw

told = json.loads(sys.argv[1])
url = urllib.parse.urlsplit(told["endpoints"][0])
client = etcd3gw.client(
    host=url.hostname,
    port=url.port,
    protocol=url.scheme,
    ca_cert=told.get("ca"),
    cert_cert=told.get("cert"),
    cert_key=told.get("key"),
    timeout=20,
)
try:
    client.status()
except Exception as error:
    # Its own error has no text; the one that it was raised from has.
    while error is not None:
        print(f"{type(error).__name__}: {error}")
        error = error.__cause__ or error.__context__
    sys.exit(1)
