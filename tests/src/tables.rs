//! The tables, as `infra/data.yaml` makes them; `tests/house.rs` holds the two together.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection, ProjectionType,
    ScalarAttributeType,
};

/// An index: name, partition key, sort key.
pub type Index = (&'static str, &'static str, Option<&'static str>);

/// The indexes that bring the keys of an item alone.
pub const KEYS_ALONE: &[&str] = &["by_due", "by_seller"];

/// Each table with its indexes.
pub const TABLES: &[(&str, &[Index])] = &[
    ("accounts", &[]),
    (
        "catalog",
        &[("by_change", "feed", Some("changed_at")), ("by_slug", "slug", None), ("by_seller", "sold_by", Some("pk"))],
    ),
    (
        "orders",
        &[
            ("by_owner", "owner", Some("id")),
            ("by_status", "status_key", Some("id")),
            ("by_due", "due_shard", Some("due_at")),
        ],
    ),
    ("prescriptions", &[("by_owner", "owner", Some("id")), ("by_status", "status_key", Some("id"))]),
    ("consultations", &[("by_owner", "owner", Some("id")), ("by_status", "status_key", Some("id"))]),
    (
        "audit",
        &[
            ("by_subject", "subject", Some("sk")),
            ("by_actor", "actor", Some("sk")),
            ("by_action", "action_key", Some("sk")),
        ],
    ),
    ("guard", &[]),
    ("medicine", &[]),
    ("content", &[("by_change", "feed", Some("changed_at"))]),
    ("notifications", &[("by_due", "due_shard", Some("due_at"))]),
    ("records", &[]),
];

fn key(name: &str, kind: KeyType) -> KeySchemaElement {
    KeySchemaElement::builder().attribute_name(name).key_type(kind).build().unwrap()
}

fn keys(partition: &str, sort: Option<&str>) -> Vec<KeySchemaElement> {
    let sort = sort.map(|sort| key(sort, KeyType::Range));
    std::iter::once(key(partition, KeyType::Hash)).chain(sort).collect()
}

/// Makes all the tables.
pub async fn create(client: &Client) {
    for (table, indexes) in TABLES {
        let mut attributes = vec!["pk", "sk"];
        let mut request = client
            .create_table()
            .table_name(*table)
            .billing_mode(BillingMode::PayPerRequest)
            .set_key_schema(Some(keys("pk", Some("sk"))));
        for (name, partition, sort) in *indexes {
            attributes.push(partition);
            attributes.extend(*sort);
            let kind = if KEYS_ALONE.contains(name) { ProjectionType::KeysOnly } else { ProjectionType::All };
            let projection = Projection::builder().projection_type(kind).build();
            let index = GlobalSecondaryIndex::builder()
                .index_name(*name)
                .set_key_schema(Some(keys(partition, *sort)))
                .projection(projection)
                .build()
                .unwrap();
            request = request.global_secondary_indexes(index);
        }
        attributes.sort_unstable();
        attributes.dedup();
        for name in attributes {
            let definition = AttributeDefinition::builder().attribute_name(name);
            let definition = definition.attribute_type(ScalarAttributeType::S).build().unwrap();
            request = request.attribute_definitions(definition);
        }
        request.send().await.unwrap_or_else(|error| panic!("table {table}: {error:?}"));
    }
}
