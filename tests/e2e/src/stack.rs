//! Which deployed stack is tested.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// Names the file that describes the stack; without it the one of `make dev` is tested.
const VARIABLE: &str = "APOTHECARY_STACK";

/// The description of a deployed stack, as `infra/local/stack.py` writes it.
#[derive(Clone, Debug)]
pub struct Stack {
    /// The API, without `/v1`.
    pub api_url: String,
    /// Where AWS answers, where it is not Amazon's.
    pub aws_endpoint: Option<String>,
    /// Where stand-ins for payment providers answer, if there are any.
    pub payments_url: Option<String>,
    /// Where it is said what goes wrong with the calls of functions, where something can.
    pub faults_url: Option<String>,
    /// Whether a machine reads prescriptions.
    pub reads_prescriptions: bool,
    /// The region.
    pub region: String,
    /// Cognito's user pool.
    pub user_pool_id: String,
    /// The pool's client.
    pub client_id: String,
    /// The bucket of public pictures.
    pub media_bucket: String,
    /// The tables.
    pub tables: Vec<String>,
    /// The same by what they are called in the code.
    by_name: BTreeMap<String, String>,
}

impl Stack {
    /// Reads the description.
    ///
    /// # Panics
    /// Where there is none, with how to start a stack.
    pub fn read() -> Self {
        let path = std::env::var_os(VARIABLE).map_or_else(of_the_developer, PathBuf::from);
        let text = std::fs::read_to_string(&path).unwrap_or_else(|error| {
            panic!(
                "These tests need a deployed stack, and {} cannot be read: {error}.\n\
                 Start one with `make dev`, or run `make end-to-end`, which makes a private one for the tests.\n\
                 {VARIABLE} names the description of any other.",
                path.display()
            )
        });
        let description: Value = serde_json::from_str(&text).expect("the description of the stack is JSON");
        let text = |pointer: &str| description.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
        let required = |pointer| text(pointer).unwrap_or_else(|| panic!("{} has no {pointer}", path.display()));
        let tables = description["tables"].as_object().into_iter().flatten();
        let by_name = tables.filter_map(|(name, table)| Some((name.clone(), table.as_str()?.to_owned())));
        let by_name: BTreeMap<_, _> = by_name.collect();
        Self {
            tables: by_name.values().cloned().collect(),
            by_name,
            faults_url: text("/faults_url"),
            api_url: required("/api_url"),
            aws_endpoint: text("/aws_endpoint"),
            payments_url: text("/payments_url"),
            reads_prescriptions: description["reading"] == true,
            region: required("/region"),
            user_pool_id: required("/user_pool_id"),
            client_id: required("/client_id"),
            media_bucket: required("/buckets/media"),
        }
    }
}

impl Stack {
    /// What a table is called that the code knows as `name`.
    ///
    /// # Panics
    /// Where there is none.
    pub fn table(&self, name: &str) -> &str {
        self.by_name.get(name).unwrap_or_else(|| panic!("the stack has no table {name}"))
    }
}

fn of_the_developer() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.local/stack.json")
}
