//! What ids and keys look like: the annotations call them texts.

use serde_json::{Map, Value, json};

/// A ULID in Crockford's base 32.
const ULID: &str = "[0-7][0-9A-HJKMNP-TV-Z]{25}";
/// Lower case, digits and hyphens.
const SLUG: &str = "^[a-z0-9]+(-[a-z0-9]+)*$";

/// What the ids of a kind look like.
#[derive(Clone, Copy)]
enum Kind {
    /// A prefix and a ULID.
    Ulid(&'static str),
    /// A UUID.
    Person,
    /// Lower case, digits and hyphens.
    Slug,
    /// `rul_`, and what whoever wrote the rule has chosen.
    Rule,
    /// What the pharmacy calls it.
    Name,
    /// What holds an order, and of which line or finding.
    Hold,
    /// A product by its id or its slug.
    Product,
    /// What a customer types to use a coupon.
    Coupon,
    /// The code of a problem.
    Problem,
}

use Kind::{Coupon, Hold, Name, Person, Problem, Product, Rule, Slug, Ulid};

/// Fields that are the same wherever they stand.
const FIELDS: [(&str, Kind); 23] = [
    ("hold_id", Hold),
    ("triage_id", Ulid("tri")),
    ("product_id", Ulid("prd")),
    ("order_id", Ulid("ord")),
    ("prescription_id", Ulid("rx")),
    ("prescription_ids", Ulid("rx")),
    ("patient_id", Ulid("pat")),
    ("address_id", Ulid("adr")),
    ("image_id", Ulid("img")),
    ("movement_id", Ulid("mov")),
    ("consultation_id", Ulid("con")),
    ("message_id", Ulid("msg")),
    ("attachment_id", Ulid("att")),
    ("refund_id", Ulid("rfd")),
    ("return_id", Ulid("ret")),
    ("recall_id", Ulid("rcl")),
    ("seller_id", Person),
    ("user_id", Person),
    ("witness_id", Person),
    ("users", Person),
    ("category_id", Slug),
    ("parent_id", Slug),
    ("slug", Slug),
];

/// Whose `id` it is, by schema.
const OWNERS: [(&str, Kind); 37] = [
    ("Triage", Ulid("tri")),
    ("Assessment", Ulid("tri")),
    ("Record", Ulid("rec")),
    ("RecordFile", Ulid("att")),
    ("StartedRecordFile", Ulid("att")),
    ("Lot", Ulid("lot")),
    ("Recall", Ulid("rcl")),
    ("BundleImport", Ulid("imp")),
    ("StartedBundle", Ulid("imp")),
    ("Import", Ulid("imp")),
    ("StartedImport", Ulid("imp")),
    ("Order", Ulid("ord")),
    ("OrderSummary", Ulid("ord")),
    ("WaitingOrder", Ulid("ord")),
    ("PrescriptionSummary", Ulid("rx")),
    ("PrescriptionView", Ulid("rx")),
    ("StartedPrescription", Ulid("rx")),
    ("ProductCard", Ulid("prd")),
    ("ProductView", Ulid("prd")),
    ("ImageView", Ulid("img")),
    ("ImageUpload", Ulid("img")),
    ("Address", Ulid("adr")),
    ("Patient", Ulid("pat")),
    ("AuditEntryView", Ulid("aud")),
    ("ConsultationView", Ulid("con")),
    ("ConsultationMessage", Ulid("msg")),
    ("MessageAttachment", Ulid("att")),
    ("StartedAttachment", Ulid("att")),
    ("Refund", Ulid("rfd")),
    ("Return", Ulid("ret")),
    ("SellerApplication", Ulid("sap")),
    ("ProfileView", Person),
    ("SharedProfileView", Person),
    ("SignedInUser", Person),
    ("UserView", Person),
    ("Seller", Person),
    ("CategoryView", Slug),
];

/// What the id or the code in a path is of, by how the path begins. A product is named by its slug as well where it is read.
const PATHS: [(&str, Kind); 24] = [
    ("/v1/medicine/substances/{id}", Slug),
    ("/v1/coupons/{code}", Coupon),
    ("/v1/problems/{code}", Problem),
    ("/v1/triage/{id}", Ulid("tri")),
    ("/v1/conditions/{id}", Slug),
    ("/v1/records/imports/{id}", Ulid("imp")),
    ("/v1/records/{kind}/{id}", Ulid("rec")),
    ("/v1/orders/{id}", Ulid("ord")),
    ("/v1/prescriptions/{id}", Ulid("rx")),
    ("/v1/patients/{id}", Ulid("pat")),
    ("/v1/profile/addresses/{id}", Ulid("adr")),
    ("/v1/products/{id}", Ulid("prd")),
    ("/v1/stock-movements/{id}", Ulid("mov")),
    ("/v1/lots/{id}", Ulid("lot")),
    ("/v1/recalls/{id}", Ulid("rcl")),
    ("/v1/imports/{id}", Ulid("imp")),
    ("/v1/categories/{id}", Slug),
    ("/v1/admin/users/{id}", Person),
    ("/v1/consultations/{id}", Ulid("con")),
    ("/v1/delivery/zones/{id}", Slug),
    ("/v1/medicine/rules/{kind}/{id}", Rule),
    ("/v1/sellers/applications/{id}", Ulid("sap")),
    ("/v1/assistant/questions/{id}", Ulid("qst")),
    ("/v1/webhooks/{id}", Name),
];

/// Where a product is named by its slug too.
const BY_SLUG: [&str; 3] = ["/v1/products/{id}", "/v1/products/{id}/alternatives", "/v1/products/{id}/prices"];

impl Kind {
    fn write(self, schema: &mut Map<String, Value>) {
        let (key, value) = match self {
            Self::Ulid(prefix) => ("pattern", json!(format!("^{prefix}_{ULID}$"))),
            Self::Person => ("format", json!("uuid")),
            Self::Slug => ("pattern", json!(SLUG)),
            Self::Name => ("pattern", json!("^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$")),
            Self::Product => ("pattern", json!(format!("^prd_{ULID}$|{SLUG}"))),
            Self::Coupon => ("pattern", json!("^[A-Za-z0-9-]{3,32}$")),
            Self::Problem => ("pattern", json!("^[a-z0-9_]+$")),
            Self::Hold => ("pattern", json!("^[a-z_]+([.][A-Za-z0-9_-]+)?$")),
            Self::Rule => ("pattern", json!("^rul_[a-z0-9_]{1,60}$")),
        };
        schema.insert(key.to_owned(), value);
    }
}

/// Says of every id in `schemas` and `paths` what it looks like.
pub(crate) fn describe(paths: &mut Map<String, Value>, schemas: &mut Value) {
    for (name, schema) in schemas.as_object_mut().into_iter().flatten() {
        of_schema(name, schema);
    }
    for (path, item) in paths {
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            let parameters = operation.get_mut("parameters").and_then(Value::as_array_mut);
            for parameter in parameters.into_iter().flatten() {
                of_parameter(path, method, parameter);
            }
        }
    }
}

fn of_schema(name: &str, schema: &mut Value) {
    let properties = schema.get_mut("properties").and_then(Value::as_object_mut);
    for (field, schema) in properties.into_iter().flatten() {
        let kind = match field.as_str() {
            "id" => OWNERS.iter().find(|(owner, _)| *owner == name),
            field => FIELDS.iter().find(|(known, _)| *known == field),
        };
        if let Some((_, kind)) = kind {
            of_text(*kind, schema);
        }
    }
}

/// A text, or a list of them.
fn of_text(kind: Kind, schema: &mut Value) {
    if let Some(items) = schema.get_mut("items") {
        return of_text(kind, items);
    }
    let is_text = match schema.get("type") {
        Some(Value::String(of)) => of == "string",
        Some(Value::Array(of)) => of.contains(&json!("string")),
        _ => false,
    };
    if let Some(schema) = schema.as_object_mut().filter(|_| is_text) {
        kind.write(schema);
    }
}

fn of_parameter(path: &str, method: &str, parameter: &mut Value) {
    let name = parameter.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
    let Some(schema) = parameter.get_mut("schema").and_then(Value::as_object_mut) else { return };
    match name.as_str() {
        "id" if method == "get" && BY_SLUG.contains(&path) => Product.write(schema),
        "id" if path.starts_with("/v1/profiles/") => Person.write(schema),
        "id" | "code" => {
            if let Some((_, kind)) = PATHS.iter().find(|(beginning, _)| path.starts_with(beginning)) {
                kind.write(schema);
            }
        }
        "Idempotency-Key" => {
            schema.extend(
                [("minLength", json!(1)), ("maxLength", json!(255)), ("pattern", json!("^[!-~]+$"))]
                    .map(|(key, value)| (key.to_owned(), value)),
            );
        }
        field => {
            if let Some((_, kind)) = FIELDS.iter().find(|(known, _)| *known == field) {
                kind.write(schema);
            }
        }
    }
}
