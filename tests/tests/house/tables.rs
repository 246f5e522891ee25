//! The embedded DynamoDB of the tests and the deployed one have the same tables.

use serde_json::{Value, json};

use crate::Faults;
use crate::house::House;
use crate::template::parse;
use support::KEYS_ALONE;

/// Names, keys and indexes of `tests/src/tables.rs` are those of `infra/data.yaml`.
pub fn the_tests_have_the_tables_that_are_deployed(house: &House) -> Faults {
    let data = parse(house.text("infra/data.yaml"));
    let mut deployed: Vec<_> = data["Resources"]
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(_, resource)| resource["Type"] == "AWS::DynamoDB::Table")
        .map(|(name, resource)| (name.trim_end_matches("Table").to_lowercase(), shape(&resource["Properties"])))
        .collect();
    let mut tested: Vec<_> = support::TABLES
        .iter()
        .map(|(name, indexes)| {
            let indexes: Vec<_> = indexes
                .iter()
                .map(|(name, pk, sk)| {
                    let projection = if KEYS_ALONE.contains(name) { "KEYS_ONLY" } else { "ALL" };
                    index(name, &keys(pk, *sk), projection)
                })
                .collect();
            ((*name).to_owned(), json!({"keys": keys("pk", Some("sk")), "indexes": indexes}))
        })
        .collect();
    deployed.sort_by(|a, b| a.0.cmp(&b.0));
    tested.sort_by(|a, b| a.0.cmp(&b.0));
    let mut faults = Faults::new();
    for table in deployed.iter().filter(|table| !tested.contains(table)) {
        faults.push(format!("infra/data.yaml has {table:?}, and tests/src/tables.rs does not"));
    }
    for table in tested.iter().filter(|table| !deployed.contains(table)) {
        faults.push(format!("tests/src/tables.rs has {table:?}, and infra/data.yaml does not"));
    }
    faults
}

fn keys(partition: &str, sort: Option<&str>) -> Value {
    let sort = sort.map(|sort| json!({"AttributeName": sort, "KeyType": "RANGE"}));
    std::iter::once(json!({"AttributeName": partition, "KeyType": "HASH"})).chain(sort).collect()
}

fn index(name: &str, keys: &Value, projection: &str) -> Value {
    json!({"name": name, "keys": keys, "projection": projection})
}

/// Keys and indexes of a deployed table.
fn shape(properties: &Value) -> Value {
    let indexes: Vec<_> = properties["GlobalSecondaryIndexes"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|found| {
            let projection = found["Projection"]["ProjectionType"].as_str().unwrap_or_default();
            index(found["IndexName"].as_str().unwrap_or_default(), &found["KeySchema"], projection)
        })
        .collect();
    json!({"keys": properties["KeySchema"], "indexes": indexes})
}
