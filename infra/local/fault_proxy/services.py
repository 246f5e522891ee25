"""Which service a request is for."""

import re

from .wire import Message

_SCOPE = re.compile(r"Credential=[^/,]+/\d{8}/[\w-]+/([\w.-]+)/aws4_request")
# Of what is not signed, what functions ask for: the keys that tokens are signed by.
_KEYS = re.compile(r"/\.well-known/(jwks\.json|openid-configuration)$")
# The payment providers, by the beginnings of their paths.
_PROVIDERS = (
    ("stripe", ("/v1/payment_intents", "/v1/refunds", "/v1/events", "/v1/disputes")),
    ("paypal", ("/v1/oauth2/", "/v2/checkout/", "/v2/payments/", "/v1/notifications/")),
    ("bkash", ("/v1.2.0-beta/tokenized/", "/v2/tokenized-checkout/")),
    ("esewa", ("/api/epay/",)),
)


def of_aws(request: Message) -> str | None:
    """The name that its signature is for; None for what is not a function's: forms and links that browsers use."""
    signed = _SCOPE.search(request.headers.get("authorization", ""))
    if signed:
        return signed[1]
    return "cognito-idp" if _KEYS.search(request.target.split("?")[0]) else None


def of_payments(request: Message) -> str | None:
    """The provider; None for what is no provider's, such as the ledger and the pages that people pay at."""
    path = request.target.split("?")[0]
    # A browser confirms with the key that everybody may know.
    if "pk_test_" in request.headers.get("authorization", ""):
        return None
    return next((name for name, paths in _PROVIDERS if path.startswith(paths)), None)
