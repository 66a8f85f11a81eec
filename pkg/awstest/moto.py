"""Serve moto's AWS on a free port, print the port, end with standard input."""

import datetime
import os
import sys
import threading

import moto.iam.models
from moto.iam.policy_validation import IAMTrustPolicyDocumentValidator
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server


def end_with_parent():
    sys.stdin.read()
    os._exit(0)


# IAM stores "sts:*" and whatever else the samples hold; moto knows a list of
# actions only, and must not refuse the others.
IAMTrustPolicyDocumentValidator.validate = lambda self: None

# Roles must be older than the calls that they deny.
moto.iam.models.utcnow = lambda: datetime.datetime(2015, 1, 1)

WSGIRequestHandler.protocol_version = "HTTP/1.1"
WSGIRequestHandler.log = lambda *args: None
server = make_server("127.0.0.1", 0, DomainDispatcherApplication(create_backend_app), threaded=True)
threading.Thread(target=end_with_parent, daemon=True).start()
print(server.port, flush=True)
server.serve_forever()
