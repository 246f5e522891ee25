//! What the document says of the API as a whole.

use serde_json::{Value, json};

/// The groups that operations come in, and what each is about.
const TAGS: &[(&str, &str)] = &[
    ("Auth", "Registration, sign-in, sessions and passwords."),
    ("Profile", "The caller's own profile, picture and addresses."),
    ("Catalogue", "Products, categories, brands, ingredients and stock."),
    ("Cart", "The caller's cart, and what an order of it would cost."),
    ("Orders", "Placing orders, following them, and moving them from the shelf to the door."),
    ("Payments", "Paying for orders, and giving money back."),
    ("Prescriptions", "Uploading prescriptions and reviewing them."),
    ("Consultations", "Asking a doctor, and answering."),
    ("Chat", "What is written in consultations: messages, files, and tickets for WebSockets."),
    ("Admin", "People, their roles and sessions, and the audit trail; for super admins."),
    ("Medicine", "Medicine."),
    ("Content", "Pages: leaflets, articles, questions and answers, banners, policies; written, reviewed, published."),
    ("Assistant", "Questions that are answered with passages of published pages."),
    ("Patients", "Whom medicine is for: the caller, and those that they care for."),
    ("Records", "What is on record about patients, and who may read it."),
    ("Triage", "From how somebody is to how soon they should be seen; conditions and what helps. Never a diagnosis."),
    ("Notifications", "Notifications."),
    ("Webhooks", "Webhooks."),
    ("Registers", "What became of every unit of a controlled medicine; for the staff."),
    ("Imports", "Tables of products and stock that are taken in as a whole; for the staff."),
    ("Coupons", "Coupons: making them and taking them back."),
    ("Delivery", "Where is delivered to, and for how much."),
    ("Sellers", "Becoming a seller, and what one earns."),
    ("Reports", "What was sold, paid and reviewed, and what is in the house."),
    ("Platform", "The service itself: whether it is up, and how it is used."),
];

const DESCRIPTION: &str = "\
An online pharmacy: catalogue, cart, prescriptions, orders.

Bodies are JSON in snake_case, of at most 256 KB; unknown fields are refused. Times are RFC 3339 in UTC. Money is an \
amount in minor units with its ISO 4217 currency. Ids are a prefix and a ULID.

Lists answer `{items, next_cursor}`; send `next_cursor` back as `cursor` for the next page, with the same filters. A \
cursor is opaque, and good for its own list alone.

Whatever goes wrong is told as `application/problem+json` (RFC 9457). Switch on `code`; `errors` names each field that \
is at fault, all of them at once; `problems` gives the reasons where an order has several. `request_id` finds the \
request in the logs.

Resources that change carry a `version`, also as `ETag`: send it as `If-Match`, and a change that is based on an older \
version is refused with 412. Writes that need an `Idempotency-Key` can be repeated with it safely: the first answer \
comes back, marked `Idempotency-Replayed: true`.

What changes inside `/v1` has a date. Send `Apothecary-Version: 2026-12-01`, the version that your client was written \
for, with any request; without it you are served the first. The answer says which it is of. A form that is on its way out \
comes with `Deprecation` and `Sunset`, which say since when and until when.

Texts of a kilobyte and more are sent as gzip to who accepts it.

Every answer also carries `Strict-Transport-Security`, `X-Content-Type-Options`, `Content-Security-Policy`, \
`Referrer-Policy` and `X-Frame-Options`, for browsers.";

pub(crate) fn info() -> Value {
    json!({
        "title": "Apothecary",
        "version": env!("CARGO_PKG_VERSION"),
        "description": DESCRIPTION,
        "license": {"name": env!("CARGO_PKG_LICENSE"), "identifier": env!("CARGO_PKG_LICENSE")},
    })
}

pub(crate) fn tags() -> Value {
    TAGS.iter().map(|(name, description)| json!({"name": name, "description": description})).collect()
}

pub(crate) fn is_tag(name: &str) -> bool {
    TAGS.iter().any(|(tag, _)| *tag == name)
}
