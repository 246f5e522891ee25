"""The run of the Postman collection: what is called in which order, as whom, with what, and what is kept for later.

An operation that no step is about still gets a request in the folder of its tag: as somebody who may call it, with the
example of the document. `python3 infra/clients/write.py` writes the collection.
"""

from dataclasses import dataclass, field

# The order of the folders: what is made in one is used in those below it.
FOLDERS = (
    "Platform", "Auth", "Admin", "Profile", "Patients", "Catalogue", "Coupons", "Prescriptions", "Cart",
    "Orders", "Payments", "Consultations", "Chat", "Triage", "Records", "Medicine", "Content", "Assistant",
    "Notifications", "Registers", "Sellers", "Webhooks", "Delivery",
)


@dataclass(frozen=True)
class Step:
    """One request. `sure` says that it must succeed; otherwise any answer that the document names will do."""

    operation: str
    name: str = ""
    who: str = ""
    sure: bool = True
    path: dict = field(default_factory=dict)
    query: dict = field(default_factory=dict)
    body: object = None
    save: dict = field(default_factory=dict)
    # A JavaScript expression over `body`: while it is false, the request is sent again.
    until: str = ""
    folder: str = ""


@dataclass(frozen=True)
class Upload:
    """The file of an announced upload, sent to the storage by the form that the API gave."""

    name: str
    folder: str


@dataclass(frozen=True)
class Pay:
    """What the provider's script in a browser does; here at the stand-in of the local stack."""

    name: str
    folder: str


def _sign_in(who, email, password="{{password}}", **more):
    save = {f"{who}_token": "access_token", f"{who}_id": "user.id"} | more
    return Step("auth-login", f"Sign in as the {who}", "guest", body={"email": email, "password": password}, save=save)


def _product(name, ingredient, legal_status, kept):
    body = {
        "name": f"{name} {{{{run}}}}", "brand": None, "ingredients": [{"name": ingredient, "strength": "10 mg"}],
        "dosage_form": "tablet", "route": "oral", "pack_size": "20 tablets", "category_id": "tried-by-postman",
        "description": "Made by the Postman collection.", "price": {"amount": 450, "currency": "USD"},
        "legal_status": legal_status,
    }
    return Step("catalog-create-product", f"Put {name} on sale", "pharmacist", body=body, save={kept: "id"})


def _lot(product):
    body = {"number": "L{{run}}", "expires_on": "2099-12-31", "quantity": 50}
    return Step("catalog-receive-lot", f"Receive a lot of the {product}", "pharmacist",
                path={"id": f"{{{{{product}_id}}}}"}, body=body)


def _fill(product, folder="", quantity=1):
    return Step("cart-put-item", f"Put the {product} in the cart", "customer", path={"product_id": f"{{{{{product}_id}}}}"},
                body={"quantity": quantity}, folder=folder)


def _place(name, kept, method="cod", prescriptions=(), folder=""):
    body = {"address_id": "{{address_id}}", "payment_method": method, "prescription_ids": list(prescriptions)}
    return Step("checkout-place-order", name, "customer", body=body, save={kept: "id"}, folder=folder)


def _move(to, order="order", folder="", **more):
    return Step("orders-transition", f"The order is {to}", "pharmacist", path={"id": f"{{{{{order}_id}}}}"},
                body={"to": to} | more, folder=folder)


def _announce(name, kept):
    body = {
        "content_type": "application/pdf", "size_bytes": "{{pdf_bytes}}", "issued_on": "{{yesterday}}",
        "patient_name": "Anna Azad", "prescriber": {"name": "Dr Bose", "registration_number": "BM 1234"},
    }
    return Step("prescriptions-start", name, "customer", body=body,
                save={kept: "id", "upload_url": "upload.url", "upload_fields": "upload.fields"})


_OF_PRESCRIPTION = {"id": "{{prescription_id}}"}
_OF_ORDER = {"id": "{{order_id}}"}
_OF_PAID = {"id": "{{paid_order_id}}"}
_OF_CONSULTATION = {"id": "{{consultation_id}}"}
_OF_PAGE = {"slug": "postman-{{run}}"}
_OF_DRAFT = {"slug": "postman-{{run}}", "locale": "en"}
_OF_RULE = {"kind": "limit", "id": "rul_postman_{{run}}"}
_OF_LAB = {"kind": "labs", "id": "{{record_id}}"}
_OF_OTC = {"id": "{{otc_id}}"}
_OF_HOOK = {"id": "postman-{{run}}"}

STEPS = (
    # Auth: somebody new for each run, who plays the customer; somebody else who leaves again; the seeded staff.
    Step("auth-register", "A customer registers", "guest",
         body={"email": "{{customer_email}}", "password": "{{newcomers_password}}", "full_name": "Anna Azad"}),
    Step("auth-resend-code", "Ask for the code once more", "guest", sure=False, body={"email": "{{customer_email}}"}),
    Step("auth-confirm", "Confirm with the code of the local stack", "guest",
         body={"email": "{{customer_email}}", "code": "{{registration_code}}"}),
    _sign_in("customer", "{{customer_email}}", "{{newcomers_password}}", customer_refresh_token="refresh_token"),
    Step("auth-refresh", "Go on with a new token", "guest", body={"refresh_token": "{{customer_refresh_token}}"},
         save={"customer_token": "access_token", "customer_refresh_token": "refresh_token"}),
    Step("auth-logout", "Sign out", "guest", body={"refresh_token": "{{customer_refresh_token}}"}),
    _sign_in("customer", "{{customer_email}}", "{{newcomers_password}}", customer_refresh_token="refresh_token"),
    Step("auth-register", "Somebody registers who will leave", "guest",
         body={"email": "{{leaver_email}}", "password": "{{newcomers_password}}", "full_name": "Lea Rai"}),
    Step("auth-confirm", "They confirm", "guest",
         body={"email": "{{leaver_email}}", "code": "{{registration_code}}"}),
    _sign_in("leaver", "{{leaver_email}}", "{{newcomers_password}}"),
    _sign_in("pharmacist", "pharmacist@apothecary.test"),
    _sign_in("pharmacist2", "pharmacist2@apothecary.test"),
    _sign_in("doctor", "doctor@apothecary.test"),
    _sign_in("seller", "seller@apothecary.test"),
    _sign_in("admin", "admin@apothecary.test"),
    # Wrong passwords and codes, of somebody who is not needed long: five in a row would lock them out.
    Step("auth-change-password", "", "leaver", sure=False),
    Step("auth-change-contact", "", "leaver", sure=False),
    Step("auth-confirm-contact", "", "leaver", sure=False),
    Step("auth-enroll-mfa", "", "leaver", sure=False),
    Step("auth-confirm-mfa", "", "leaver", sure=False),
    Step("auth-remove-mfa", "", "leaver", sure=False),
    Step("auth-start-social", "", "guest", sure=False, path={"provider": "google"},
         query={"redirect_uri": "http://localhost:3000/signed-in"}),
    # Admin
    Step("admin-list-users", "", "admin", query={"limit": "5"}),
    Step("admin-get-user", "", "admin", path={"id": "{{leaver_id}}"}),
    Step("admin-set-roles", "", "admin", path={"id": "{{leaver_id}}"}, body={"roles": ["customer", "doctor"]}),
    Step("admin-set-roles", "Take the role again", "admin", path={"id": "{{leaver_id}}"}, body={"roles": ["customer"]}),
    Step("admin-set-enabled", "Lock somebody out", "admin", path={"id": "{{leaver_id}}"}, body={"enabled": False}),
    Step("admin-set-enabled", "Let them in again", "admin", path={"id": "{{leaver_id}}"}, body={"enabled": True}),
    Step("admin-end-sessions", "", "admin", path={"id": "{{leaver_id}}"}),
    Step("admin-list-audit", "", "admin", query={"limit": "5"}),
    # Profile
    Step("profile-get", "", "customer"),
    Step("profile-update", "", "customer", body={"full_name": "Anna Azad", "sex": "female"}),
    Step("profile-view", "", "guest", sure=False, path={"id": "{{customer_id}}"}),
    Step("profile-set-privacy", "", "customer", body={"visibility": "private"}),
    Step("address-add", "", "customer", save={"address_id": "id"}),
    Step("address-list", "", "customer"),
    Step("address-update", "", "customer", path={"id": "{{address_id}}"}),
    Step("address-add", "Add an address to remove", "customer", save={"spare_address_id": "id"}),
    Step("address-remove", "", "customer", path={"id": "{{spare_address_id}}"}),
    Step("profile-start-picture", "", "customer"),
    Step("profile-remove-picture", "", "customer"),
    Step("profile-export", "", "customer"),
    Step("audit-mine", "", "customer"),
    Step("auth-login", "Sign in as the leaver again", "guest", save={"leaver_token": "access_token"}, folder="Profile",
         body={"email": "{{leaver_email}}", "password": "{{newcomers_password}}"}),
    Step("profile-delete", "Leave for good", "leaver", body={"password": "{{newcomers_password}}"}),
    # Patients
    Step("patients-list", "", "customer"),
    Step("patients-add", "", "customer", save={"patient_id": "id"}),
    Step("patients-update", "", "customer", path={"id": "{{patient_id}}"}),
    Step("patients-remove", "", "customer", path={"id": "{{patient_id}}"}),
    # Catalogue
    Step("catalog-put-category", "", "pharmacist", path={"id": "tried-by-postman"},
         body={"name": "Tried by Postman", "parent_id": None, "position": 900}),
    _product("an OTC medicine", "biotin", "otc", "otc_id"),
    _product("a prescription medicine", "cefixime", "prescription", "prescription_medicine_id"),
    _product("a medicine to retire", "ambroxol", "otc", "retired_id"),
    _lot("otc"),
    _lot("prescription_medicine"),
    Step("catalog-get-product", "", "guest", path=_OF_OTC),
    Step("catalog-update-product", "", "pharmacist", path=_OF_OTC, body={"description": "Looked at by Postman."}),
    Step("catalog-list-products", "", "guest", query={"query": "amox", "limit": "5"}),
    Step("catalog-suggest", "", "guest", query={"q": "para"}),
    Step("catalog-alternatives", "", "guest", path=_OF_OTC),
    Step("catalog-price-history", "", "guest", path=_OF_OTC),
    Step("catalog-list-lots", "", "pharmacist", path=_OF_OTC),
    Step("catalog-adjust-stock", "", "pharmacist", path=_OF_OTC,
         body={"delta": -2, "note": "fell off the shelf", "reason": "damage"}, save={"movement_id": "movement_id"}),
    Step("catalog-confirm-movement", "", "pharmacist2", sure=False, path={"id": "{{movement_id}}"}),
    Step("catalog-list-movements", "", "pharmacist", path=_OF_OTC),
    Step("catalog-list-inventory", "", "pharmacist", query={"limit": "5"}),
    Step("catalog-start-image", "", "pharmacist", path=_OF_OTC),
    Step("catalog-retire-product", "", "pharmacist", path={"id": "{{retired_id}}"}),
    Step("catalog-list-brands", "", "guest", query={"limit": "5"}),
    Step("catalog-list-ingredients", "", "guest", query={"limit": "5"}),
    Step("catalog-list-categories", "", "guest"),
    # Coupons that nobody else knows
    Step("coupons-put", "Make a coupon", "pharmacist", path={"code": "postman-{{run}}"},
         body={"kind": "percent", "value": 10, "max_uses": 5, "per_customer": 1}),
    Step("coupons-put", "Make a coupon to remove", "pharmacist", path={"code": "gone-{{run}}"},
         body={"kind": "percent", "value": 10, "max_uses": 5, "per_customer": 1}),
    Step("coupons-list", "", "pharmacist"),
    Step("coupons-remove", "", "pharmacist", path={"code": "gone-{{run}}"}),
    # Prescriptions
    _announce("Announce a prescription", "prescription_id"),
    Upload("Upload the prescription", "Prescriptions"),
    Step("prescriptions-get", "Wait until it is checked", "customer", path=_OF_PRESCRIPTION,
         until='body.status !== "awaiting_upload"'),
    Step("prescriptions-list", "", "customer"),
    Step("prescriptions-claim", "", "pharmacist", path=_OF_PRESCRIPTION),
    Step("prescriptions-review", "Approve it", "pharmacist", path=_OF_PRESCRIPTION, body={
        "decision": "approve", "has_signature": True, "valid_until": "{{in_a_month}}",
        "items": [{"product_id": "{{prescription_medicine_id}}", "quantity": 1, "fills_allowed": 2,
                   "min_days_between": 0}],
    }),
    _announce("Announce a prescription to withdraw", "withdrawn_id"),
    Step("prescriptions-withdraw", "", "customer", path={"id": "{{withdrawn_id}}"}),
    # Cart
    _fill("otc", quantity=2),
    _fill("prescription_medicine"),
    Step("cart-get", "", "customer"),
    Step("cart-set-coupon", "", "customer", body={"code": "postman-{{run}}"}),
    Step("cart-remove-coupon", "", "customer"),
    Step("cart-merge", "", "customer", body={"items": [{"product_id": "{{otc_id}}", "quantity": 1}]}),
    Step("cart-remove-item", "", "customer", path={"product_id": "{{otc_id}}"}),
    Step("cart-clear", "", "customer"),
    # Orders
    _fill("otc", "Orders", 2),
    _fill("prescription_medicine", "Orders"),
    Step("checkout-preview", "", "customer", body={
        "address_id": "{{address_id}}", "payment_method": "cod", "prescription_ids": ["{{prescription_id}}"]}),
    _place("Place an order", "order_id", prescriptions=("{{prescription_id}}",)),
    Step("orders-get", "", "customer", path=_OF_ORDER, save={"hold_id": "holds.0.id"}),
    Step("orders-list", "", "pharmacist", query={"limit": "5"}),
    _move("verified"),
    _move("packed"),
    _move("shipped", tracking="NP-1234"),
    _move("delivered"),
    Step("orders-request-return", "", "customer", sure=False, path=_OF_ORDER, save={"return_id": "id"},
         body={"lines": [{"product_id": "{{otc_id}}", "quantity": 1}], "reason": "The pack was open."}),
    Step("orders-list-returns", "", "customer", path=_OF_ORDER),
    Step("orders-resolve-return", "", "pharmacist", sure=False, path=_OF_ORDER | {"return_id": "{{return_id}}"}),
    Step("orders-reorder", "", "customer", path=_OF_ORDER),
    Step("cart-clear", "Empty the cart", "customer", folder="Orders"),
    _fill("otc", "Orders"),
    _place("Place an order to cancel", "cancelled_order_id"),
    Step("orders-cancel", "", "customer", path={"id": "{{cancelled_order_id}}"}),
    Step("orders-resolve-hold", "", "pharmacist", sure=False, path=_OF_ORDER | {"hold_id": "{{hold_id}}"}),
    Step("orders-set-prescriptions", "", "customer", sure=False, path=_OF_ORDER),
    Step("prescriptions-refill", "Order the next fill", "customer", sure=False, path=_OF_PRESCRIPTION, folder="Orders",
         body={"address_id": "{{address_id}}", "payment_method": "cod"}),
    # Payments
    Step("payments-methods", "", "guest"),
    _fill("otc", "Payments"),
    _place("Place an order to be paid by card", "paid_order_id", method="card", folder="Payments"),
    Step("payments-start", "", "customer", path=_OF_PAID, body={"return_url": "http://localhost:3000/orders"},
         save={"client_secret": "client.client_secret", "publishable_key": "client.publishable_key"}),
    Pay("Pay at the stand-in for Stripe", "Payments"),
    Step("payments-confirm", "", "customer", path=_OF_PAID, until='body.payment.status !== "pending"'),
    _move("verified", "paid_order", "Payments"),
    Step("orders-get", "Wait until the money is taken", "customer", path=_OF_PAID, folder="Payments",
         until='body.payment.status === "captured"'),
    Step("payments-refund", "", "pharmacist", path=_OF_PAID, save={"refund_id": "id"},
         body={"amount": {"amount": 100, "currency": "USD"}, "reason": "One pack was damaged."}),
    Step("payments-list-refunds", "", "customer", path=_OF_PAID),
    Step("payments-close-refund", "", "pharmacist", sure=False, path=_OF_PAID | {"refund_id": "{{refund_id}}"}),
    # Consultations and what is written in them
    Step("consultations-request", "", "customer", save={"consultation_id": "id"}),
    Step("consultations-list", "", "customer"),
    Step("consultations-get", "", "customer", path=_OF_CONSULTATION),
    Step("consultations-assign", "", "pharmacist", path=_OF_CONSULTATION, body={"doctor_id": "{{doctor_id}}"}),
    Step("consultations-respond", "", "doctor", path=_OF_CONSULTATION,
         body={"client_id": "{{$guid}}", "text": "Put something cool on it, and do not scratch."}),
    Step("chat-ticket", "", "customer"),
    Step("chat-post", "", "customer", path=_OF_CONSULTATION, body={"client_id": "{{$guid}}", "text": "It is better today."}),
    Step("chat-start-attachment", "", "customer", path=_OF_CONSULTATION, save={"attachment_id": "id"}),
    Step("chat-get-attachment", "", "customer", sure=False,
         path=_OF_CONSULTATION | {"attachment_id": "{{attachment_id}}"}),
    Step("chat-history", "", "doctor", path=_OF_CONSULTATION),
    Step("consultations-close", "The doctor closes it", "doctor", path=_OF_CONSULTATION, body={"outcome": "answered"},
         folder="Chat"),
    # Triage
    Step("triage-vocabulary", "", "guest", query={"query": "cough"}),
    Step("triage-assess", "", "customer", save={"triage_id": "id"}, body={
        "symptoms": [{"id": "e91", "present": True}, {"id": "e201", "present": True}, {"id": "e181", "present": True}]}),
    Step("triage-assess", "A guest is led through a triage, and nothing is kept", "guest", body={
        "symptoms": [{"id": "e201", "present": True}, {"id": "e181", "present": True}], "patient": {"age": 30}}),
    Step("triage-list", "", "customer"),
    Step("triage-get", "", "customer", sure=False, path={"id": "{{triage_id}}"}),
    Step("conditions-list", "", "guest", query={"query": "mala"}),
    Step("conditions-get", "", "guest", path={"id": "malaria"}),
    # Records
    Step("records-add", "", "customer", path={"kind": "labs"}, save={"record_id": "id"}),
    Step("records-list", "", "customer", path={"kind": "labs"}),
    Step("records-update", "", "customer", path=_OF_LAB),
    Step("records-start-file", "", "customer", path=_OF_LAB),
    Step("records-progress", "", "customer", query={"series": "loinc:4548-4"}),
    Step("records-export", "", "customer"),
    Step("records-import", "", "customer"),
    Step("records-start-bundle", "", "customer", save={"record_import_id": "id"}),
    Step("records-get-bundle", "", "customer", path={"id": "{{record_import_id}}"}),
    Step("records-grant", "", "customer", path={"user_id": "{{doctor_id}}"},
         body={"kinds": ["labs"], "until": "{{in_a_month}}T00:00:00Z"}),
    Step("records-list-grants", "", "customer"),
    Step("records-revoke", "", "customer", path={"user_id": "{{doctor_id}}"}),
    Step("records-remove", "", "customer", path=_OF_LAB),
    # Medicine: two pharmacists make a rule and take it back.
    Step("medicine-search-substances", "", "guest", query={"query": "acetaminophen"}),
    Step("medicine-get-substance", "", "guest", path={"id": "warfarin"}),
    Step("medicine-check-interactions", "", "guest", body={"substances": ["warfarin", "ibuprofen"]}),
    Step("medicine-calculate-dose", "", "guest", body={
        "substance": "ibuprofen", "route": "oral", "indication": "pain or fever",
        "patient": {"age": 6, "weight_kg": "20"}}),
    Step("medicine-safety-report", "", "guest", sure=False, query={"product": "{{otc_id}}"}),
    Step("medicine-list-rules", "", "pharmacist", path={"kind": "limit"}, query={"limit": "5"}),
    Step("medicine-put-rule", "Write a rule", "pharmacist", path=_OF_RULE, body={"rule": {
        "substance": "codeine", "jurisdiction": "NP", "days": 30, "max_mg": "900", "without_prescription_only": True,
        "law": False, "citation": "ours"}}),
    Step("medicine-get-rule", "", "pharmacist", path=_OF_RULE),
    Step("medicine-review-rule", "Another approves it", "pharmacist2", path=_OF_RULE,
         body={"version": 1, "decision": "approve"}),
    Step("medicine-put-rule", "Withdraw the rule", "pharmacist", path=_OF_RULE,
         body={"rule": {"withdrawn": True, "reason": "made to try it out"}}),
    Step("medicine-review-rule", "Another approves that", "pharmacist2", path=_OF_RULE,
         body={"version": 2, "decision": "approve"}),
    # Content
    Step("content-put", "", "pharmacist", path=_OF_DRAFT, body={
        "kind": "leaflet", "title": "Tried by Postman", "body": "It eases **pain**.", "tags": ["postman"],
        "sources": [{"title": "Label", "publisher": "FDA", "date": "2026-01-15"}]}),
    Step("content-review", "", "pharmacist2", path=_OF_DRAFT, body={"version": 1, "decision": "approve"}),
    Step("content-publish", "", "admin", path=_OF_PAGE),
    Step("content-get", "", "guest", path=_OF_PAGE),
    Step("content-list", "", "guest", query={"kind": "leaflet", "limit": "5"}),
    Step("content-versions", "", "pharmacist", path=_OF_PAGE),
    Step("content-start-image", "", "pharmacist", path=_OF_PAGE),
    Step("content-unpublish", "", "admin", path=_OF_PAGE),
    Step("content-remove", "", "admin", path=_OF_PAGE),
    # Assistant
    Step("assistant-ask", "", "customer", body={"question": "What are the side effects of metformin?"},
         save={"question_id": "id"}),
    Step("assistant-feedback", "", "customer", sure=False, path={"id": "{{question_id}}"}),
    # Notifications
    Step("notifications-list", "", "customer", save={"notification_id": "items.0.id"}),
    Step("notifications-read", "", "customer", sure=False, body={"ids": ["{{notification_id}}"]}),
    Step("notifications-set", "", "customer", body={"email": True, "sms": False}),
    # Registers
    Step("registers-controlled", "", "pharmacist", sure=False, query={"product": "{{prescription_medicine_id}}"}),
    Step("registers-verify", "", "pharmacist", sure=False, query={"product": "{{prescription_medicine_id}}"}),
    # Sellers
    Step("sellers-apply", "", "customer", save={"application_id": "id"}),
    Step("sellers-list-applications", "", "pharmacist"),
    Step("sellers-decide-application", "", "pharmacist", path={"id": "{{application_id}}"}),
    Step("sellers-earnings", "", "seller", query={"from": "{{yesterday}}", "to": "{{today}}"}),
    # Webhooks
    Step("webhooks-put", "", "admin", path=_OF_HOOK, body={"url": "http://127.0.0.1:9/hooks", "events": ["order.placed"]}),
    Step("webhooks-list", "", "admin"),
    Step("webhooks-deliveries", "", "admin", path=_OF_HOOK),
    Step("webhooks-redeliver", "", "admin", sure=False, path=_OF_HOOK),
    Step("webhooks-remove", "", "admin", path=_OF_HOOK),
    # Delivery comes last: where there is a zone, nothing is ordered to where there is none.
    Step("delivery-put-zone", "", "pharmacist", path={"id": "postman-{{run}}"}),
    Step("delivery-list-zones", "", "pharmacist"),
    Step("delivery-quote", "", "guest", query={"country": "NP", "district": "Kathmandu"}),
    Step("delivery-remove-zone", "", "pharmacist", path={"id": "postman-{{run}}"}),
    # Platform
    Step("platform-health", "", "guest"),
    Step("platform-openapi", "", "guest"),
    Step("platform-docs", "", "guest"),
)
