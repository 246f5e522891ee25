//! Every body of every endpoint, bent in every way: each time a problem that says which field is wrong.

use std::time::Duration;

use e2e::contract::{NOTHING, ROUTES};
use e2e::{
    Answer, CATEGORY, Call, Client, PASSWORD, Shop, address, announcement, approval, covers, order_body, product_body,
};
use futures_util::stream::{StreamExt, iter};
use reqwest::Method;
use serde_json::{Value, json};

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// A bounded text.
    Text,
    /// A text that may fill a page.
    Page,
    /// A text that is only compared: whatever it is, it is the right one or not.
    Secret,
    /// One of a few texts.
    Choice,
    /// A whole number.
    Number,
    /// A decimal, as a number or as text.
    Decimal,
    /// True or false.
    Flag,
    /// An object.
    Object,
    /// A list.
    List,
}

use Kind::{Choice, Decimal, Flag, List, Number, Object, Page, Secret, Text};

/// Who sends it.
#[derive(Clone, Copy, Debug)]
enum Sender {
    Guest,
    Customer,
    Pharmacist,
    Doctor,
    Seller,
    Admin,
}

/// A body and its fields: by JSON pointer, what they hold and whether they are required.
struct Body {
    function: &'static str,
    sender: Sender,
    sample: Value,
    fields: &'static [(&'static str, Kind, bool)],
}

/// A bundle is FHIR's own to describe, and a change of a record is read with the record that it changes: both have their tests
/// with the records.
const READ_OTHERWISE: [&str; 2] = ["records-import", "records-update"];

/// The id of nobody.
const PERSON: &str = "0b9d5f3a-8f5e-4c5c-9d55-2f0b7f1b1c11";

const REQUIRED: bool = true;
const OPTIONAL: bool = false;

fn auth_bodies() -> Vec<Body> {
    let body = |function, sample, fields| Body { function, sender: Sender::Guest, sample, fields };
    let email = "somebody@example.test";
    vec![
        body(
            "auth-register",
            json!({"email": email, "password": PASSWORD, "full_name": "Some One"}),
            &[("/email", Text, REQUIRED), ("/password", Text, REQUIRED), ("/full_name", Text, REQUIRED)],
        ),
        body(
            "auth-confirm",
            json!({"email": email, "code": "123456"}),
            &[("/email", Text, REQUIRED), ("/code", Text, REQUIRED)],
        ),
        body("auth-resend-code", json!({"email": email}), &[("/email", Text, REQUIRED)]),
        body(
            "auth-login",
            json!({"email": email, "password": PASSWORD, "session": "token"}),
            &[("/email", Text, REQUIRED), ("/password", Secret, REQUIRED), ("/session", Choice, OPTIONAL)],
        ),
        body(
            "auth-answer-challenge",
            json!({"challenge_session": "x", "code": "123456"}),
            &[("/challenge_session", Secret, REQUIRED), ("/code", Text, REQUIRED)],
        ),
        body("auth-enroll-mfa", json!({"challenge_session": "x"}), &[("/challenge_session", Secret, OPTIONAL)]),
        body(
            "auth-confirm-mfa",
            json!({"challenge_session": "x", "code": "123456"}),
            &[("/challenge_session", Secret, OPTIONAL), ("/code", Text, REQUIRED)],
        ),
        // Without it there is no body, and a cookie stands for it.
        body("auth-refresh", json!({"refresh_token": "x"}), &[("/refresh_token", Secret, OPTIONAL)]),
        body(
            "auth-logout",
            json!({"refresh_token": "x", "everywhere": false}),
            &[("/refresh_token", Secret, OPTIONAL), ("/everywhere", Flag, OPTIONAL)],
        ),
        body(
            "auth-finish-social",
            json!({"code": "x", "state": "x", "session": "token"}),
            &[("/code", Text, REQUIRED), ("/state", Text, REQUIRED), ("/session", Choice, OPTIONAL)],
        ),
        body("auth-forgot-password", json!({"email": email}), &[("/email", Text, REQUIRED)]),
        body(
            "auth-reset-password",
            json!({"email": email, "code": "654321", "new_password": PASSWORD}),
            &[("/email", Text, REQUIRED), ("/code", Text, REQUIRED), ("/new_password", Text, REQUIRED)],
        ),
        body(
            "auth-request-otp",
            json!({"email": email, "purpose": "login"}),
            &[("/email", Text, REQUIRED), ("/purpose", Choice, REQUIRED)],
        ),
        body(
            "auth-verify-otp",
            json!({"email": email, "purpose": "login", "code": "123456", "session": "token"}),
            &[
                ("/email", Text, REQUIRED),
                ("/purpose", Choice, REQUIRED),
                ("/code", Text, REQUIRED),
                ("/session", Choice, OPTIONAL),
            ],
        ),
        body(
            "auth-complete-registration",
            json!({"registration_token": "x", "full_name": "Some One", "password": PASSWORD, "session": "token"}),
            &[
                ("/registration_token", Secret, REQUIRED),
                ("/full_name", Text, REQUIRED),
                ("/password", Text, REQUIRED),
                ("/session", Choice, OPTIONAL),
            ],
        ),
        Body {
            sender: Sender::Customer,
            ..body(
                "auth-change-contact",
                json!({"email": email, "password": PASSWORD}),
                &[("/email", Text, REQUIRED), ("/password", Secret, REQUIRED)],
            )
        },
        Body {
            sender: Sender::Customer,
            ..body("auth-confirm-contact", json!({"code": "123456"}), &[("/code", Text, REQUIRED)])
        },
        Body {
            sender: Sender::Customer,
            ..body(
                "auth-change-password",
                json!({"current_password": PASSWORD, "new_password": "another-good-passphrase"}),
                &[("/current_password", Secret, REQUIRED), ("/new_password", Text, REQUIRED)],
            )
        },
        Body {
            sender: Sender::Customer,
            ..body("auth-remove-mfa", json!({"password": PASSWORD}), &[("/password", Secret, REQUIRED)])
        },
    ]
}

fn profile_bodies() -> Vec<Body> {
    let body = |function, sample, fields| Body { function, sender: Sender::Customer, sample, fields };
    let mut whole = address();
    whole["line2"] = json!("3rd floor");
    whole["district"] = json!("Bagmati");
    whole["label"] = json!("home");
    whole["is_default"] = json!(true);
    let preferences = json!({"language": "en", "currency": "USD", "notifications": {"email": true, "sms": false}});
    vec![
        body(
            "profile-update",
            json!({"full_name": "Some One", "date_of_birth": "1990-01-31", "sex": "other", "preferences": preferences}),
            &[
                ("/full_name", Text, OPTIONAL),
                ("/date_of_birth", Text, OPTIONAL),
                ("/sex", Choice, OPTIONAL),
                ("/preferences", Object, OPTIONAL),
                ("/preferences/language", Choice, OPTIONAL),
                ("/preferences/currency", Choice, OPTIONAL),
                ("/preferences/notifications", Object, OPTIONAL),
                ("/preferences/notifications/email", Flag, OPTIONAL),
            ],
        ),
        body(
            "profile-set-privacy",
            json!({"visibility": "shared", "shared_with": {"users": [PERSON], "groups": ["doctor"]}}),
            &[
                ("/visibility", Choice, REQUIRED),
                ("/shared_with", Object, OPTIONAL),
                ("/shared_with/users", List, OPTIONAL),
                ("/shared_with/users/0", Text, OPTIONAL),
                ("/shared_with/groups", List, OPTIONAL),
                ("/shared_with/groups/0", Choice, OPTIONAL),
            ],
        ),
        body(
            "notifications-set",
            json!({"email": true, "sms": false, "kinds": {"orders": true, "prescriptions": true, "consultations": true,
                "reminders": true, "watches": true, "carts": true}, "quiet_hours": {"from": "21:00", "to": "08:00"}, "time_zone": "Asia/Kathmandu",
                "read_receipts": true}),
            &[
                ("/email", Flag, OPTIONAL),
                ("/sms", Flag, OPTIONAL),
                ("/kinds", Object, OPTIONAL),
                ("/kinds/orders", Flag, OPTIONAL),
                ("/kinds/prescriptions", Flag, OPTIONAL),
                ("/kinds/consultations", Flag, OPTIONAL),
                ("/kinds/reminders", Flag, OPTIONAL),
                ("/kinds/watches", Flag, OPTIONAL),
                ("/kinds/carts", Flag, OPTIONAL),
                ("/quiet_hours", Object, OPTIONAL),
                ("/quiet_hours/from", Text, REQUIRED),
                ("/quiet_hours/to", Text, REQUIRED),
                ("/time_zone", Text, OPTIONAL),
                ("/read_receipts", Flag, OPTIONAL),
            ],
        ),
        body(
            "catalog-watch",
            json!({"below": {"amount": 500, "currency": "USD"}, "back_in_stock": true}),
            &[
                ("/below", Object, OPTIONAL),
                ("/below/amount", Number, REQUIRED),
                ("/below/currency", Text, REQUIRED),
                ("/back_in_stock", Flag, OPTIONAL),
            ],
        ),
        body(
            "notifications-read",
            json!({"ids": ["ntc_01JD4Z8QK0000000000000000G"]}),
            &[("/ids", List, REQUIRED), ("/ids/0", Text, OPTIONAL)],
        ),
        body("profile-delete", json!({"password": PASSWORD}), &[("/password", Secret, REQUIRED)]),
        body(
            "profile-start-picture",
            json!({"content_type": "image/png", "size_bytes": 100}),
            &[("/content_type", Choice, REQUIRED), ("/size_bytes", Number, REQUIRED)],
        ),
        body(
            "address-add",
            whole.clone(),
            &[
                ("/label", Text, OPTIONAL),
                ("/recipient", Text, REQUIRED),
                ("/line1", Text, REQUIRED),
                ("/line2", Text, OPTIONAL),
                ("/city", Text, REQUIRED),
                ("/district", Text, OPTIONAL),
                ("/postal_code", Text, OPTIONAL),
                ("/country", Choice, REQUIRED),
                ("/phone", Text, REQUIRED),
                ("/is_default", Flag, OPTIONAL),
            ],
        ),
        body(
            "address-update",
            whole,
            &[
                ("/label", Text, OPTIONAL),
                ("/recipient", Text, OPTIONAL),
                ("/line1", Text, OPTIONAL),
                ("/line2", Text, OPTIONAL),
                ("/city", Text, OPTIONAL),
                ("/district", Text, OPTIONAL),
                ("/postal_code", Text, OPTIONAL),
                ("/country", Choice, OPTIONAL),
                ("/phone", Text, OPTIONAL),
                ("/is_default", Flag, OPTIONAL),
            ],
        ),
    ]
}

fn patient_bodies() -> Vec<Body> {
    let body = |function, sample, fields| Body { function, sender: Sender::Customer, sample, fields };
    let sample = json!({"full_name": "Some Child", "date_of_birth": "2021-03-04", "sex": "female",
        "relationship": "child", "weight_kg": 17, "pregnant": false, "breastfeeding": false});
    vec![
        body(
            "patients-add",
            sample.clone(),
            &[
                ("/full_name", Text, REQUIRED),
                ("/date_of_birth", Text, REQUIRED),
                ("/sex", Choice, REQUIRED),
                ("/relationship", Choice, REQUIRED),
                ("/weight_kg", Decimal, OPTIONAL),
                ("/pregnant", Flag, OPTIONAL),
                ("/breastfeeding", Flag, OPTIONAL),
            ],
        ),
        body(
            "patients-update",
            sample,
            &[
                ("/full_name", Text, OPTIONAL),
                ("/date_of_birth", Text, OPTIONAL),
                ("/sex", Choice, OPTIONAL),
                ("/relationship", Choice, OPTIONAL),
                ("/weight_kg", Decimal, OPTIONAL),
                ("/pregnant", Flag, OPTIONAL),
                ("/breastfeeding", Flag, OPTIONAL),
            ],
        ),
    ]
}

fn record_bodies() -> Vec<Body> {
    let body = |function, sample, fields| Body { function, sender: Sender::Customer, sample, fields };
    vec![
        body(
            "triage-assess",
            json!({"symptoms": [{"id": "e91", "present": true}], "answers": [{"question": "e201", "answer": "yes"}]}),
            &[
                ("/triage_id", Text, OPTIONAL),
                ("/patient_id", Text, OPTIONAL),
                ("/patient", Object, OPTIONAL),
                ("/symptoms", List, REQUIRED),
                ("/symptoms/0/id", Choice, REQUIRED),
                ("/symptoms/0/present", Flag, REQUIRED),
                ("/answers", List, OPTIONAL),
                ("/answers/0/question", Choice, REQUIRED),
                ("/answers/0/answer", Choice, REQUIRED),
                ("/text", Text, OPTIONAL),
                ("/language", Choice, OPTIONAL),
            ],
        ),
        body(
            "records-add",
            json!({"loinc": "4548-4", "name": "HbA1c", "value": "6.80", "unit": "%",
                "range": {"low": "4.0", "high": "5.6"}, "taken_at": "2026-01-18T08:00:00Z"}),
            &[
                ("/loinc", Text, OPTIONAL),
                ("/name", Text, REQUIRED),
                ("/value", Decimal, OPTIONAL),
                ("/unit", Text, OPTIONAL),
                ("/range", Object, OPTIONAL),
                ("/range/low", Decimal, OPTIONAL),
                ("/range/high", Decimal, OPTIONAL),
                ("/taken_at", Text, REQUIRED),
            ],
        ),
        body(
            "records-grant",
            json!({"kinds": ["labs"], "until": "2027-01-01T00:00:00Z"}),
            &[("/kinds", List, REQUIRED), ("/kinds/0", Choice, OPTIONAL), ("/until", Text, REQUIRED)],
        ),
        body(
            "records-start-file",
            json!({"content_type": "application/pdf", "size_bytes": 100}),
            &[("/content_type", Choice, REQUIRED), ("/size_bytes", Number, REQUIRED)],
        ),
        body(
            "records-start-bundle",
            json!({"content_type": "application/fhir+json", "size_bytes": 100}),
            &[("/content_type", Choice, REQUIRED), ("/size_bytes", Number, REQUIRED)],
        ),
    ]
}

fn catalog_bodies() -> Vec<Body> {
    let body = |function, sample, fields| Body { function, sender: Sender::Pharmacist, sample, fields };
    let mut new = product_body("otc", 500);
    new["slug"] = json!("a-slug");
    new["status"] = json!("draft");
    new["gtin"] = json!("09506000134352");
    new["te_code"] = json!("AB");
    new["schedule"] = json!("CIV");
    let mut change = product_body("otc", 500);
    change["status"] = json!("draft");
    change["gtin"] = json!("09506000134352");
    change["te_code"] = json!("AB");
    change["schedule"] = json!("CIV");
    vec![
        body(
            "catalog-create-product",
            new,
            &[
                ("/slug", Text, OPTIONAL),
                ("/name", Text, REQUIRED),
                ("/brand", Text, OPTIONAL),
                ("/ingredients", List, REQUIRED),
                ("/ingredients/0/name", Text, REQUIRED),
                ("/ingredients/0/strength", Text, REQUIRED),
                ("/dosage_form", Text, REQUIRED),
                ("/route", Text, REQUIRED),
                ("/pack_size", Text, REQUIRED),
                ("/category_id", Text, REQUIRED),
                ("/description", Text, OPTIONAL),
                ("/price", Object, REQUIRED),
                ("/price/amount", Number, REQUIRED),
                ("/price/currency", Choice, REQUIRED),
                ("/gtin", Text, OPTIONAL),
                ("/te_code", Choice, OPTIONAL),
                ("/schedule", Choice, OPTIONAL),
                ("/legal_status", Choice, REQUIRED),
                ("/status", Choice, OPTIONAL),
            ],
        ),
        body(
            "catalog-update-product",
            change,
            &[
                ("/name", Text, OPTIONAL),
                ("/brand", Text, OPTIONAL),
                ("/ingredients", List, OPTIONAL),
                ("/ingredients/0/name", Text, REQUIRED),
                ("/dosage_form", Text, OPTIONAL),
                ("/route", Text, OPTIONAL),
                ("/pack_size", Text, OPTIONAL),
                ("/category_id", Text, OPTIONAL),
                ("/description", Text, OPTIONAL),
                ("/price", Object, OPTIONAL),
                ("/price/amount", Number, REQUIRED),
                ("/price/currency", Choice, REQUIRED),
                ("/gtin", Text, OPTIONAL),
                ("/te_code", Choice, OPTIONAL),
                ("/schedule", Choice, OPTIONAL),
                ("/legal_status", Choice, OPTIONAL),
                ("/status", Choice, OPTIONAL),
            ],
        ),
        body(
            "catalog-start-image",
            json!({"content_type": "image/png", "size_bytes": 100}),
            &[("/content_type", Choice, REQUIRED), ("/size_bytes", Number, REQUIRED)],
        ),
        body(
            "catalog-put-category",
            json!({"name": "A category", "parent_id": CATEGORY, "position": 7}),
            &[("/name", Text, REQUIRED), ("/parent_id", Text, OPTIONAL), ("/position", Number, OPTIONAL)],
        ),
        body(
            "catalog-adjust-stock",
            json!({"delta": -1, "reason": "count", "note": "A note", "lot_id": "unlotted", "witness_id": PERSON}),
            &[
                ("/delta", Number, REQUIRED),
                ("/reason", Choice, REQUIRED),
                ("/note", Text, OPTIONAL),
                ("/lot_id", Choice, OPTIONAL),
                ("/witness_id", Text, OPTIONAL),
            ],
        ),
        body(
            "catalog-receive-lot",
            json!({"number": "A1", "expires_on": "2099-12-31", "quantity": 1, "supplier": "A supplier",
                "unit_cost": {"amount": 100, "currency": "USD"}, "gtin": "09506000134352"}),
            &[
                ("/number", Text, REQUIRED),
                ("/expires_on", Text, REQUIRED),
                ("/quantity", Number, REQUIRED),
                ("/supplier", Text, OPTIONAL),
                ("/unit_cost", Object, OPTIONAL),
                ("/unit_cost/amount", Number, REQUIRED),
                ("/unit_cost/currency", Choice, REQUIRED),
                ("/gtin", Text, OPTIONAL),
            ],
        ),
        body(
            "imports-start",
            json!({"kind": "products", "content_type": "text/csv", "size_bytes": 100, "dry_run": true}),
            &[
                ("/kind", Choice, REQUIRED),
                ("/content_type", Choice, REQUIRED),
                ("/size_bytes", Number, REQUIRED),
                ("/dry_run", Flag, OPTIONAL),
            ],
        ),
        body(
            "catalog-recall-lot",
            json!({"reason": "Some tablets are too strong.", "reference": "D-0123-2027", "class": 1}),
            &[("/reason", Text, REQUIRED), ("/reference", Text, REQUIRED), ("/class", Number, REQUIRED)],
        ),
    ]
}

fn order_bodies() -> Vec<Body> {
    const ORDER: &[(&str, Kind, bool)] = &[
        ("/address", Object, OPTIONAL),
        ("/address/recipient", Text, REQUIRED),
        ("/address/line1", Text, REQUIRED),
        ("/address/city", Text, REQUIRED),
        ("/address/country", Choice, REQUIRED),
        ("/address/phone", Text, REQUIRED),
        ("/payment_method", Choice, REQUIRED),
        ("/prescription_ids", List, OPTIONAL),
        ("/prescription_ids/0", Text, OPTIONAL),
        ("/patient_id", Text, OPTIONAL),
        ("/note", Text, OPTIONAL),
        ("/expected_total", Object, OPTIONAL),
        ("/expected_total/amount", Number, REQUIRED),
        ("/expected_total/currency", Choice, REQUIRED),
    ];
    let body = |function, sample, fields| Body { function, sender: Sender::Customer, sample, fields };
    let mut order = order_body(&[&format!("rx_{NOTHING}")]);
    order["note"] = json!("Ring twice.");
    order["expected_total"] = json!({"amount": 100, "currency": "USD"});
    vec![
        body(
            "cart-put-item",
            json!({"quantity": 1}),
            &[("/quantity", Number, REQUIRED), ("/patient_id", Text, OPTIONAL)],
        ),
        body(
            "cart-merge",
            json!({"items": [{"product_id": format!("prd_{NOTHING}"), "quantity": 1}]}),
            &[
                ("/items", List, REQUIRED),
                ("/items/0/product_id", Text, REQUIRED),
                ("/items/0/quantity", Number, REQUIRED),
            ],
        ),
        body("cart-set-coupon", json!({"code": "SPRING-26"}), &[("/code", Text, REQUIRED)]),
        Body {
            sender: Sender::Pharmacist,
            ..body(
                "coupons-put",
                json!({"kind": "percent", "value": 10, "min_subtotal": {"amount": 1000, "currency": "USD"},
                       "max_discount": {"amount": 500, "currency": "USD"}, "starts_at": "2026-01-01T00:00:00Z",
                       "ends_at": "2036-01-01T00:00:00Z", "max_uses": 10, "per_customer": 1,
                       "excludes_prescription": true}),
                &[
                    ("/kind", Choice, REQUIRED),
                    ("/value", Number, REQUIRED),
                    ("/min_subtotal", Object, OPTIONAL),
                    ("/min_subtotal/amount", Number, REQUIRED),
                    ("/min_subtotal/currency", Choice, REQUIRED),
                    ("/max_discount", Object, OPTIONAL),
                    ("/starts_at", Text, OPTIONAL),
                    ("/ends_at", Text, OPTIONAL),
                    ("/max_uses", Number, OPTIONAL),
                    ("/per_customer", Number, OPTIONAL),
                    ("/excludes_prescription", Flag, OPTIONAL),
                ],
            )
        },
        Body {
            sender: Sender::Pharmacist,
            ..body(
                "delivery-put-zone",
                json!({"name": "A zone", "country": "NP", "districts": ["Kaski"], "postal_prefixes": ["337"],
                       "fee": {"amount": 300, "currency": "USD"}, "free_from": {"amount": 4000, "currency": "USD"},
                       "days": {"min": 1, "max": 3}, "cod": true}),
                &[
                    ("/name", Text, REQUIRED),
                    ("/country", Choice, REQUIRED),
                    ("/districts", List, OPTIONAL),
                    ("/districts/0", Text, OPTIONAL),
                    ("/postal_prefixes", List, OPTIONAL),
                    ("/fee", Object, REQUIRED),
                    ("/fee/amount", Number, REQUIRED),
                    ("/fee/currency", Choice, REQUIRED),
                    ("/free_from", Object, OPTIONAL),
                    ("/days", Object, REQUIRED),
                    ("/days/min", Number, REQUIRED),
                    ("/days/max", Number, REQUIRED),
                    ("/cod", Flag, OPTIONAL),
                ],
            )
        },
        body(
            "orders-set-prescriptions",
            json!({"prescription_ids": [format!("rx_{NOTHING}")]}),
            &[("/prescription_ids", List, REQUIRED)],
        ),
        body("checkout-preview", order.clone(), ORDER),
        body("checkout-place-order", order, ORDER),
        body(
            "payments-start",
            json!({"return_url": "http://localhost:3000/orders"}),
            &[("/return_url", Text, REQUIRED)],
        ),
        body("payments-confirm", json!({}), &[]),
        body(
            "sellers-apply",
            json!({"business_name": "Lakeside Herbs", "registration_number": "PAN 1", "about": "Herbs."}),
            &[("/business_name", Text, REQUIRED), ("/registration_number", Text, REQUIRED), ("/about", Text, REQUIRED)],
        ),
        Body {
            sender: Sender::Seller,
            ..body(
                "sellers-set-profile",
                json!({"display_name": "Lakeside Herbs"}),
                &[("/display_name", Text, REQUIRED)],
            )
        },
        Body {
            sender: Sender::Pharmacist,
            ..body(
                "sellers-decide-application",
                json!({"decision": "reject", "note": "No such number."}),
                &[("/decision", Choice, REQUIRED), ("/note", Text, OPTIONAL)],
            )
        },
        body(
            "orders-request-return",
            json!({"lines": [{"product_id": format!("prd_{NOTHING}"), "quantity": 1}], "reason": "It was open."}),
            &[
                ("/lines", List, REQUIRED),
                ("/lines/0/product_id", Text, REQUIRED),
                ("/lines/0/quantity", Number, REQUIRED),
                ("/reason", Text, REQUIRED),
            ],
        ),
        Body {
            sender: Sender::Pharmacist,
            ..body(
                "orders-resolve-return",
                json!({"decision": "approve", "refund": {"amount": 100, "currency": "USD"}, "note": "Sorry."}),
                &[
                    ("/decision", Choice, REQUIRED),
                    ("/refund", Object, OPTIONAL),
                    ("/refund/amount", Number, REQUIRED),
                    ("/refund/currency", Choice, REQUIRED),
                    ("/note", Text, OPTIONAL),
                ],
            )
        },
        Body {
            sender: Sender::Guest,
            ..body("payments-esewa-return", json!({"data": "e30="}), &[("/data", Text, REQUIRED)])
        },
        Body {
            sender: Sender::Pharmacist,
            ..body("payments-close-refund", json!({"reference": "0007TS9"}), &[("/reference", Text, REQUIRED)])
        },
        Body {
            sender: Sender::Pharmacist,
            ..body(
                "payments-refund",
                json!({"amount": {"amount": 100, "currency": "USD"}, "reason": "One pack was damaged."}),
                &[
                    ("/amount", Object, OPTIONAL),
                    ("/amount/amount", Number, REQUIRED),
                    ("/amount/currency", Choice, REQUIRED),
                    ("/reason", Text, REQUIRED),
                ],
            )
        },
        Body {
            sender: Sender::Pharmacist,
            ..body(
                "orders-transition",
                json!({"to": "verified", "note": "All well.", "tracking": "NP 123", "reject": [format!("prd_{NOTHING}")]}),
                &[
                    ("/to", Choice, REQUIRED),
                    ("/note", Text, OPTIONAL),
                    ("/tracking", Text, OPTIONAL),
                    ("/reject", List, OPTIONAL),
                    ("/reject/0", Text, OPTIONAL),
                ],
            )
        },
        Body {
            sender: Sender::Pharmacist,
            ..body(
                "orders-resolve-hold",
                json!({"decision": "remove_line", "product_id": format!("prd_{NOTHING}"), "reason_code": "other",
                       "reason": "It was looked at."}),
                &[
                    ("/decision", Choice, REQUIRED),
                    ("/product_id", Text, OPTIONAL),
                    ("/reason_code", Choice, REQUIRED),
                    ("/reason", Text, REQUIRED),
                ],
            )
        },
    ]
}

fn prescription_bodies() -> Vec<Body> {
    let item =
        json!({"product_id": format!("prd_{NOTHING}"), "quantity": 1, "fills_allowed": 1, "min_days_between": 0});
    vec![
        Body {
            function: "prescriptions-start",
            sender: Sender::Customer,
            sample: announcement("image/png", 100),
            fields: &[
                ("/content_type", Choice, REQUIRED),
                ("/size_bytes", Number, REQUIRED),
                ("/issued_on", Text, REQUIRED),
                ("/patient_name", Text, REQUIRED),
                ("/prescriber", Object, REQUIRED),
                ("/prescriber/name", Text, REQUIRED),
                ("/prescriber/registration_number", Text, REQUIRED),
                ("/patient_id", Text, OPTIONAL),
            ],
        },
        Body {
            function: "prescriptions-refill",
            sender: Sender::Customer,
            sample: json!({"items": [{"line": 0, "quantity": 1}], "address_id": format!("adr_{NOTHING}"),
                           "payment_method": "cod"}),
            fields: &[
                ("/items", List, OPTIONAL),
                ("/items/0/line", Number, REQUIRED),
                ("/items/0/quantity", Number, OPTIONAL),
                ("/address_id", Text, REQUIRED),
                ("/payment_method", Choice, REQUIRED),
            ],
        },
        Body {
            function: "prescriptions-review",
            sender: Sender::Pharmacist,
            sample: approval(&json!([item])),
            fields: &[
                ("/decision", Choice, REQUIRED),
                ("/items", List, REQUIRED),
                ("/items/0/product_id", Text, REQUIRED),
                ("/items/0/quantity", Number, REQUIRED),
                ("/items/0/fills_allowed", Number, REQUIRED),
                ("/items/0/min_days_between", Number, REQUIRED),
                ("/valid_until", Text, REQUIRED),
                ("/has_signature", Flag, REQUIRED),
            ],
        },
    ]
}

fn webhook_bodies() -> Vec<Body> {
    let body = |function, sample, fields| Body { function, sender: Sender::Admin, sample, fields };
    vec![
        body(
            "webhooks-put",
            json!({"url": "https://hooks.example.com/", "events": ["order.placed"], "enabled": true, "rotate_secret": false}),
            &[
                ("/url", Text, REQUIRED),
                ("/events", List, REQUIRED),
                ("/events/0", Choice, OPTIONAL),
                ("/enabled", Flag, OPTIONAL),
                ("/rotate_secret", Flag, OPTIONAL),
            ],
        ),
        body(
            "webhooks-redeliver",
            json!({"delivery_id": "dlv_01JD4Z8QK0000000000000000H"}),
            &[("/delivery_id", Text, REQUIRED)],
        ),
    ]
}

fn medicine_bodies() -> Vec<Body> {
    const PATIENT: &[(&str, Kind, bool)] = &[
        ("/patient/sex", Choice, OPTIONAL),
        ("/patient/age", Number, OPTIONAL),
        ("/patient/hepatic", Choice, OPTIONAL),
        ("/patient/pregnant", Flag, OPTIONAL),
    ];
    let patient = json!({"sex": "female", "age": 40, "hepatic": "normal", "pregnant": false, "conditions": ["asthma"]});
    let rule = json!({"first": "aspirin", "second": "warfarin", "levels": [{"level": "precaution"}],
                      "mechanism": "bleeding", "citation": "ours"});
    vec![
        Body {
            function: "medicine-check-interactions",
            sender: Sender::Guest,
            sample: json!({"substances": ["warfarin"], "patient": patient}),
            fields: PATIENT,
        },
        Body {
            function: "medicine-calculate-dose",
            sender: Sender::Guest,
            sample: json!({"substance": "paracetamol", "route": "oral", "indication": "pain or fever",
                           "patient": patient, "new_start": true}),
            fields: &[
                ("/substance", Text, REQUIRED),
                ("/route", Choice, REQUIRED),
                ("/indication", Text, OPTIONAL),
                ("/patient", Object, REQUIRED),
                ("/new_start", Flag, OPTIONAL),
            ],
        },
        Body {
            function: "medicine-put-rule",
            sender: Sender::Pharmacist,
            sample: json!({"rule": rule}),
            // What may stand in it depends on its kind, and is tested with the rules.
            fields: &[],
        },
        Body {
            function: "medicine-review-rule",
            sender: Sender::Pharmacist,
            sample: json!({"version": 1, "decision": "approve", "note": "Checked."}),
            fields: &[("/version", Number, REQUIRED), ("/decision", Choice, REQUIRED), ("/note", Text, OPTIONAL)],
        },
    ]
}

fn content_bodies() -> Vec<Body> {
    let page = json!({
        "kind": "article", "title": "Fever", "summary": "When to worry.", "body": "Drink enough.", "tags": ["fever"],
        "product_ids": [format!("prd_{NOTHING}")], "review_due": "2036-01-01",
        "valid_from": "2026-01-01T00:00:00Z", "valid_to": "2036-01-01T00:00:00Z",
        "sources": [{"title": "Fever", "publisher": "MedlinePlus", "date": "2026-01-01", "url": "https://medlineplus.gov"}],
    });
    let body = |function, sender, sample, fields| Body { function, sender, sample, fields };
    vec![
        body(
            "content-put",
            Sender::Pharmacist,
            page,
            &[
                ("/kind", Choice, REQUIRED),
                ("/title", Text, REQUIRED),
                ("/summary", Text, OPTIONAL),
                ("/body", Page, REQUIRED),
                ("/tags", List, OPTIONAL),
                ("/tags/0", Text, OPTIONAL),
                ("/product_ids", List, OPTIONAL),
                ("/product_ids/0", Text, OPTIONAL),
                ("/sources", List, OPTIONAL),
                ("/sources/0/title", Text, REQUIRED),
                ("/sources/0/publisher", Text, REQUIRED),
                ("/sources/0/date", Text, OPTIONAL),
                ("/sources/0/url", Text, OPTIONAL),
                ("/review_due", Text, OPTIONAL),
                ("/valid_from", Text, OPTIONAL),
                ("/valid_to", Text, OPTIONAL),
            ],
        ),
        body(
            "content-review",
            Sender::Pharmacist,
            json!({"version": 1, "decision": "approve", "note": "Checked."}),
            &[("/version", Number, REQUIRED), ("/decision", Choice, REQUIRED), ("/note", Text, OPTIONAL)],
        ),
        body(
            "content-start-image",
            Sender::Pharmacist,
            json!({"content_type": "image/png", "size_bytes": 48213}),
            &[("/content_type", Choice, REQUIRED), ("/size_bytes", Number, REQUIRED)],
        ),
        body(
            "content-publish",
            Sender::Admin,
            json!({"at": "2026-01-01T00:00:00Z", "locale": "en"}),
            &[("/at", Text, OPTIONAL), ("/locale", Choice, OPTIONAL)],
        ),
        body("content-unpublish", Sender::Admin, json!({"locale": "en"}), &[("/locale", Choice, OPTIONAL)]),
    ]
}

fn assistant_bodies() -> Vec<Body> {
    vec![
        Body {
            function: "assistant-ask",
            // The staff of all tests would be over the limit of a minute; a guest of this address has a larger one.
            sender: Sender::Guest,
            sample: json!({"question": "What is ibuprofen for?", "language": "en", "product_id": format!("prd_{NOTHING}")}),
            fields: &[("/question", Text, REQUIRED), ("/language", Choice, OPTIONAL), ("/product_id", Text, OPTIONAL)],
        },
        Body {
            function: "assistant-feedback",
            sender: Sender::Customer,
            sample: json!({"helpful": true}),
            fields: &[("/helpful", Flag, REQUIRED)],
        },
    ]
}

fn admin_bodies() -> Vec<Body> {
    let body = |function, sample, fields| Body { function, sender: Sender::Admin, sample, fields };
    vec![
        body(
            "admin-set-roles",
            json!({"roles": ["customer"]}),
            &[("/roles", List, REQUIRED), ("/roles/0", Choice, OPTIONAL)],
        ),
        body("admin-set-enabled", json!({"enabled": true}), &[("/enabled", Flag, REQUIRED)]),
    ]
}

fn consultation_bodies() -> Vec<Body> {
    let body = |function, sender, sample, fields| Body { function, sender, sample, fields };
    let name = "8e8e6c1a-0f5b-4c57-9a54-8c1f6b1f0a01";
    vec![
        body(
            "consultations-request",
            Sender::Customer,
            json!({"topic": "A rash", "text": "It itches.", "language": "en", "about": {"order_id": format!("ord_{NOTHING}")}}),
            &[
                ("/topic", Text, REQUIRED),
                ("/text", Text, REQUIRED),
                ("/language", Choice, OPTIONAL),
                ("/about", Object, OPTIONAL),
                ("/about/order_id", Text, REQUIRED),
            ],
        ),
        body(
            "consultations-assign",
            Sender::Pharmacist,
            json!({"doctor_id": PERSON}),
            &[("/doctor_id", Text, REQUIRED)],
        ),
        body(
            "consultations-respond",
            Sender::Doctor,
            json!({"client_id": name, "text": "Cool it."}),
            &[("/client_id", Text, REQUIRED), ("/text", Text, REQUIRED)],
        ),
        body(
            "consultations-close",
            Sender::Doctor,
            json!({"outcome": "answered", "note": "Farewell."}),
            &[("/outcome", Choice, REQUIRED), ("/note", Text, OPTIONAL)],
        ),
        body(
            "chat-post",
            Sender::Customer,
            json!({"client_id": name, "text": "It is better."}),
            &[("/client_id", Text, REQUIRED), ("/text", Text, REQUIRED)],
        ),
        body(
            "chat-start-attachment",
            Sender::Customer,
            json!({"content_type": "image/jpeg", "size_bytes": 48213}),
            &[("/content_type", Choice, REQUIRED), ("/size_bytes", Number, REQUIRED)],
        ),
    ]
}

fn bodies() -> Vec<Body> {
    let areas = [
        auth_bodies(),
        profile_bodies(),
        patient_bodies(),
        record_bodies(),
        catalog_bodies(),
        order_bodies(),
        prescription_bodies(),
        medicine_bodies(),
        content_bodies(),
        assistant_bodies(),
        webhook_bodies(),
        consultation_bodies(),
        admin_bodies(),
    ];
    areas.into_iter().flatten().collect()
}

/// Who sends the bodies; nobody else's test depends on them.
struct Senders {
    guest: Client,
    customer: Client,
    pharmacist: Client,
    doctor: Client,
    seller: Client,
    admin: Client,
}

impl Senders {
    async fn of(shop: &Shop) -> Self {
        Self {
            guest: shop.guest.clone(),
            customer: (*shop.customer().await).clone(),
            pharmacist: (*shop.pharmacist().await).clone(),
            doctor: (*shop.doctor().await).clone(),
            seller: (*shop.new_seller().await).clone(),
            admin: (*shop.admin().await).clone(),
        }
    }

    fn call(&self, body: &Body) -> Call {
        let client = match body.sender {
            Sender::Guest => &self.guest,
            Sender::Customer => &self.customer,
            Sender::Pharmacist => &self.pharmacist,
            Sender::Doctor => &self.doctor,
            Sender::Seller => &self.seller,
            Sender::Admin => &self.admin,
        };
        let route = ROUTES.iter().find(|route| route.function == body.function).unwrap();
        client.call(route.method.parse::<Method>().unwrap(), &route.sample_path()).key("bodies")
    }

    /// What the function answers to a body. More bodies than a caller may send in a minute are bent here: as any client does, it waits
    /// as long as it is told, and no more than twice.
    async fn ask(&self, body: &Body, sent: &Value) -> Answer {
        let mut answer = self.call(body).json(sent).await;
        for _ in 0..2 {
            if answer.status != 429 {
                break;
            }
            let wait = answer.header("retry-after").unwrap().parse().unwrap();
            tokio::time::sleep(Duration::from_secs(wait)).await;
            answer = self.call(body).json(sent).await;
        }
        answer
    }
}

/// `/items/0/quantity` as errors name it: `items[0].quantity`.
fn name(pointer: &str) -> String {
    let mut name = String::new();
    for part in pointer.split('/').skip(1) {
        if part.parse::<usize>().is_ok() {
            name.push_str(&format!("[{part}]"));
        } else {
            if !name.is_empty() {
                name.push('.');
            }
            name.push_str(part);
        }
    }
    name
}

/// The sample with something else in a field, or without it.
fn bent(sample: &Value, pointer: &str, value: Option<Value>) -> Value {
    let mut body = sample.clone();
    let (parent, field) = pointer.rsplit_once('/').unwrap();
    match (body.pointer_mut(parent).unwrap(), value) {
        (Value::Object(fields), Some(value)) => {
            fields.insert(field.to_owned(), value);
        }
        (Value::Object(fields), None) => {
            fields.remove(field).unwrap();
        }
        (Value::Array(items), Some(value)) => items[field.parse::<usize>().unwrap()] = value,
        (parent, value) => panic!("{pointer} in {parent}: {value:?}"),
    }
    body
}

/// What no field of a kind may hold.
fn wrong_values(kind: Kind) -> Vec<Value> {
    let long = json!("x".repeat(20_000));
    match kind {
        Text => vec![json!({"a": 1}), json!(7), json!(true), json!(["x"]), long, json!("a\u{0}b")],
        Page => vec![json!({"a": 1}), json!(7), json!(true), json!(["x"]), json!("a\u{0}b")],
        Secret => vec![json!({"a": 1}), json!(7), json!(true), json!(["x"])],
        Choice => vec![json!({"a": 1}), json!(7), json!("no_such_value"), long],
        Number => vec![json!("7"), json!(true), json!(1.5), json!([1]), json!(u64::MAX), json!(1e30)],
        Decimal => vec![json!("seven"), json!(true), json!([1]), json!(u64::MAX), json!(1e30), json!("1e3"), long],
        Flag => vec![json!("true"), json!(1), json!({})],
        Object => vec![json!("x"), json!(7), json!([]), json!([1, "USD"])],
        List => vec![json!("x"), json!(7), json!({"0": 1})],
    }
}

/// Every way to bend a field, with a word for it.
fn bends(body: &Body) -> Vec<(String, Value, String)> {
    let mut bends = Vec::new();
    for (pointer, kind, required) in body.fields {
        if *required {
            bends.push((name(pointer), bent(&body.sample, pointer, None), "missing".to_owned()));
            bends.push((name(pointer), bent(&body.sample, pointer, Some(Value::Null)), "null".to_owned()));
        }
        for value in wrong_values(*kind) {
            let said: String = value.to_string().chars().take(30).collect();
            bends.push((name(pointer), bent(&body.sample, pointer, Some(value)), said));
        }
    }
    bends
}

#[tokio::test]
async fn every_field_that_is_wrong_is_named() {
    covers!(
        "auth-register",
        "profile-update",
        "catalog-create-product",
        "checkout-place-order",
        "prescriptions-review"
    );
    let shop = Shop::open();
    let senders = Senders::of(&shop).await;
    let bodies = bodies();
    let cases = bodies.iter().flat_map(|body| bends(body).into_iter().map(move |bend| (body, bend)));
    let failures: Vec<_> = iter(cases)
        .map(|(body, (field, bent, said))| {
            let senders = &senders;
            async move {
                let answer = senders.ask(body, &bent).await;
                let what = format!("{}: {field} = {said}: {} {}", body.function, answer.status, answer.text());
                if answer.status != 400 || answer.json()["errors"].is_null() {
                    return Some(what);
                }
                let named = answer.invalid_fields();
                let inside = |name: &str| {
                    name.strip_prefix(field.as_str())
                        .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
                };
                if named.iter().all(|(name, _)| inside(name)) { None } else { Some(what) }
            }
        })
        .buffer_unordered(3)
        .filter_map(|failure| async move { failure })
        .collect()
        .await;
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[tokio::test]
async fn unknown_fields_are_named_on_every_level() {
    covers!("auth-login", "address-add", "cart-merge", "checkout-preview", "prescriptions-start");
    let shop = Shop::open();
    let senders = Senders::of(&shop).await;
    for body in bodies() {
        let mut places = vec![String::new()];
        let is_sent = |pointer: &str| body.sample.pointer(pointer).is_some();
        let objects = body.fields.iter().filter(|(pointer, kind, _)| *kind == Object && is_sent(pointer));
        places.extend(objects.map(|(pointer, ..)| (*pointer).to_owned()));
        places.extend(body.fields.iter().filter(|(_, kind, _)| *kind == List).filter_map(|(pointer, ..)| {
            let first = format!("{pointer}/0");
            body.sample.pointer(&first).is_some_and(Value::is_object).then_some(first)
        }));
        for place in places {
            for unknown in ["surprise", "__proto__", "isAdmin"] {
                let pointer = format!("{place}/{unknown}");
                let answer = senders.ask(&body, &bent(&body.sample, &pointer, Some(json!(1)))).await;
                let named = answer.invalid_fields();
                assert_eq!(named, [(name(&pointer), "unknown".to_owned())], "{}", body.function);
            }
        }
    }
}

#[tokio::test]
async fn what_is_no_json_object_is_refused_as_that() {
    covers!("auth-refresh", "catalog-adjust-stock", "orders-transition");
    let shop = Shop::open();
    let senders = Senders::of(&shop).await;
    let deep = format!("{{\"surprise\": {}1{}}}", "[".repeat(40), "]".repeat(40));
    let abyss = format!("{{\"surprise\": {}1{}}}", "[".repeat(50_000), "]".repeat(50_000));
    for body in bodies() {
        for malformed in ["", "{", "[]", "null", "7", "{\"a\": }", "{\"a\": NaN}", "{} {}", "\u{feff}[]"] {
            // Who signs out or enrols need not say anything else, and without a body a refresh is by cookie.
            if malformed.is_empty() && matches!(body.function, "auth-logout" | "auth-enroll-mfa" | "auth-refresh") {
                continue;
            }
            let answer = senders.call(&body).body("application/json", malformed.to_owned()).await;
            answer.problem(400, "malformed_json");
        }
        senders.call(&body).body("application/json", deep.clone()).await.problem(400, "too_deep");
        senders.call(&body).body("application/json", abyss.clone()).await.any_problem(400);
        let large = format!("{{\"surprise\": \"{}\"}}", "x".repeat(256 * 1024));
        senders.call(&body).body("application/json", large).await.problem(413, "body_too_large");
    }
}

#[tokio::test]
async fn only_json_is_read() {
    covers!("auth-forgot-password", "profile-start-picture", "catalog-put-category");
    let shop = Shop::open();
    let senders = Senders::of(&shop).await;
    for body in bodies() {
        for other in
            ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/xml"]
        {
            let answer = senders.call(&body).body(other, body.sample.to_string()).await;
            answer.problem(415, "unsupported_media_type");
        }
        let answer = senders.call(&body).body("application/json; charset=iso-8859-1", body.sample.to_string()).await;
        answer.problem(415, "unsupported_charset");
        let answer = senders.call(&body).json(&body.sample).header("content-encoding", "gzip").await;
        assert_eq!(answer.header("accept-encoding"), Some("identity"), "{}", body.function);
        answer.problem(415, "unsupported_encoding");
        // As some clients write it; what is missing is said of the field then.
        let answer = senders.call(&body).body("Application/JSON; charset=UTF-8", "{\"surprise\": 1}").await;
        assert!(answer.invalid_fields().contains(&("surprise".to_owned(), "unknown".to_owned())));
    }
}

#[tokio::test]
async fn what_is_said_twice_or_not_in_utf_8_is_refused() {
    covers!("profile-update", "catalog-put-category");
    let shop = Shop::open();
    let senders = Senders::of(&shop).await;
    for body in bodies() {
        let twice = "{\"surprise\": 1, \"surprise\": 1}";
        let named = senders.call(&body).body("application/json", twice).await.invalid_fields();
        assert_eq!(named, [("surprise".to_owned(), "repeated".to_owned())], "{}", body.function);
        let latin = b"{\"surprise\": \"\xe9\"}".to_vec();
        senders.call(&body).body("application/json", latin).await.problem(400, "not_utf8");
    }
}

#[tokio::test]
async fn every_endpoint_that_takes_a_body_is_in_this_list() {
    covers!("platform-openapi");
    let shop = Shop::open();
    let document = shop.guest.get("/v1/openapi.json").await.body(200);
    let mut takes: Vec<_> = ROUTES
        .iter()
        .filter(|route| !document["paths"][route.path][route.method.to_lowercase()]["requestBody"].is_null())
        .map(|route| route.function)
        .filter(|function| !READ_OTHERWISE.contains(function))
        .collect();
    let mut listed: Vec<_> = bodies().iter().map(|body| body.function).collect();
    takes.sort_unstable();
    listed.sort_unstable();
    assert_eq!(takes, listed);
}
