"""The HTTP API at the root: `http://localhost:<port>/v1/…`.

The emulator has it below `/_aws/execute-api/<id>/$default`, which a shell takes for a variable, and below which no browser
keeps a cookie whose name begins with `__Host-`. In AWS the API has a host of its own as well.
"""

from ministack import app
from ministack.services import apigateway

_ROOT = "/v1"


def apply() -> None:
    """Takes paths below `/v1` for the one HTTP API that there is."""
    parse = app._parse_execute_api_url

    def parse_at_the_root(host, path):
        found = parse(host, path)
        if found is None and (path == _ROOT or path.startswith(_ROOT + "/")):
            apis = [api for api, what in apigateway._apis.items() if what.get("protocolType") == "HTTP"]
            if len(apis) == 1:
                return apis[0], "$default", path
        return found

    app._parse_execute_api_url = parse_at_the_root
