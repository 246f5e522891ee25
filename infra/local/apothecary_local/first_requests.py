"""What a person does first with a shop: lists products, signs in, looks into the cart."""

import json
import urllib.error
import urllib.request
from collections.abc import Callable

from . import people
from .console import Failure

# A function may be built at its first request, which takes minutes where much has changed.
PATIENCE = 600


def play(address: str, tell: Callable[[str], None]) -> None:
    """Does it at an address, and tells of each step.

    Raises Failure at the first answer that is not as it should be.
    """
    page = _asked(f"{address}/v1/products?limit=3")
    items = page.get("items") or []
    if not items or not all(item.get("id", "").startswith("prd_") for item in items):
        raise Failure("The list of products has no products.", f"GET /v1/products: {json.dumps(page)[:300]}")
    tell(f"  {len(items)} products, the first is {items[0].get('name')}")
    who = {"email": people.address("customer"), "password": people.PASSWORD}
    session = _asked(f"{address}/v1/auth/login", body=who)
    token = session.get("access_token")
    if not token:
        raise Failure("Signing in brought no token.", f"POST /v1/auth/login answers only: {', '.join(session)}")
    tell(f"  signed in as {who['email']}")
    cart = _asked(f"{address}/v1/cart", token=token)
    if not isinstance(cart.get("items"), list):
        raise Failure("The cart has no lines, not even none.", f"GET /v1/cart: {json.dumps(cart)[:300]}")
    tell(f"  a cart with {len(cart['items'])} lines")


def _asked(url: str, body: dict | None = None, token: str | None = None) -> dict:
    headers = {"content-type": "application/json", **({"authorization": f"Bearer {token}"} if token else {})}
    request = urllib.request.Request(url, data=json.dumps(body).encode() if body else None, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return json.loads(answer.read())
    except urllib.error.HTTPError as error:
        raise Failure(f"{request.get_method()} {url} answered {error.code}.", error.read().decode(errors="replace")[:1000]) from None
    except (OSError, ValueError) as error:
        raise Failure(f"{request.get_method()} {url} was not answered.", str(error)) from None
