//! What is deployed: every function, on its route, with the rights it needs and no more.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};
use shared::identity::access::{ELSEWHERE, SOCKET_ROUTES};
use shared::platform::config::Config;

use crate::Faults;
use crate::house::{Function, House, Row, Sort};

/// Read by the SDK or by Lambda itself, and by the log.
const NOT_OF_THE_CONFIGURATION: [&str; 4] = ["AWS_CA_BUNDLE", "AWS_ENDPOINT_URL", "AWS_REGION", "RUST_LOG"];

/// Where a function's binary is, seen from the template of its area.
const CODE: &str = "../../target/lambda/";

/// The policy that lets a function follow the feed of ended sessions and count its callers.
const ANSWER: &str = "AnswerRequests";

/// The policy that lets a function write to people.
const SEND: &str = "SendMessages";

/// Flows of sign-in that lead nowhere for whoever begins them past the functions.
const OPEN_FLOWS: [&str; 3] = ["ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_CUSTOM_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"];

/// What Cognito copies from other providers, which it does with the rights of the client.
const COPIED: [&str; 3] = ["custom:social_email", "custom:social_verified", "custom:social_name"];

/// A template, with CloudFormation's tags as the objects that they abbreviate.
pub fn parse(text: &str) -> Value {
    plain(yaml_serde::from_str(text).unwrap())
}

fn plain(value: yaml_serde::Value) -> Value {
    match value {
        yaml_serde::Value::Tagged(tagged) => {
            let name = tagged.tag.to_string();
            let name = name.trim_start_matches('!');
            let name = if matches!(name, "Ref" | "Condition") { name.to_owned() } else { format!("Fn::{name}") };
            json!({name: plain(tagged.value)})
        }
        yaml_serde::Value::Sequence(items) => items.into_iter().map(plain).collect(),
        yaml_serde::Value::Mapping(members) => {
            let named = |(key, value): (yaml_serde::Value, _)| (key.as_str().unwrap().to_owned(), plain(value));
            Value::Object(members.into_iter().map(named).collect())
        }
        other => serde_json::to_value(other).unwrap(),
    }
}

/// The template of each area of functions: its path and what is in it.
fn areas(house: &House) -> Vec<(String, Value)> {
    let is_area = |path: &str| path.ends_with("/template.yaml") && path.matches('/').count() == 2;
    let areas = house.below("functions/").filter(|(path, _)| is_area(path));
    areas.map(|(path, text)| (path.to_owned(), parse(text))).collect()
}

/// The resources of one kind in a template.
fn of_kind(template: &Value, kind: &str) -> Vec<(String, Value)> {
    let resources = template["Resources"].as_object().cloned().unwrap_or_default();
    resources
        .into_iter()
        .filter(|(_, resource)| resource["Type"] == kind)
        .map(|(name, resource)| (name, resource["Properties"].clone()))
        .collect()
}

/// The resources of one kind in all templates of areas.
fn resources(house: &House, kind: &str) -> Vec<(String, Value)> {
    areas(house).iter().flat_map(|(_, template)| of_kind(template, kind)).collect()
}

/// The policies that functions share.
fn shared_policies(house: &House) -> Vec<(String, Value)> {
    of_kind(&parse(house.text("infra/common.yaml")), "AWS::IAM::ManagedPolicy")
}

/// The functions of the templates: package and properties.
fn functions(house: &House) -> Vec<(String, Value)> {
    let package = |properties: &Value| {
        let code = properties["CodeUri"].as_str().unwrap_or_default();
        code.strip_prefix(CODE).unwrap_or(code).to_owned()
    };
    let functions = resources(house, "AWS::Serverless::Function");
    functions.into_iter().map(|(_, properties)| (package(&properties), properties)).collect()
}

/// Each crate is deployed once, by the template of its area, under its own name, from where its binary is built.
pub fn every_function_is_in_the_template_of_its_area(house: &House) -> Faults {
    let mut faults = Faults::new();
    let deployed: Vec<_> = functions(house).into_iter().map(|(package, _)| package).collect();
    for function in house.functions() {
        let times = deployed.iter().filter(|package| **package == function.name).count();
        if times != 1 {
            faults.push(format!("{times} functions have the CodeUri {CODE}{}", function.name));
        }
    }
    for (path, template) in areas(house) {
        let folder = path.trim_end_matches("/template.yaml");
        for (resource, properties) in of_kind(&template, "AWS::Serverless::Function") {
            let code = properties["CodeUri"].as_str().unwrap_or_default();
            let package = code.strip_prefix(CODE).unwrap_or_default();
            let here = |function: &Function| {
                function.name == package && function.folder.rsplit_once('/').is_some_and(|(area, _)| area == folder)
            };
            if !house.functions().iter().any(here) {
                faults.push(format!("{resource} of {path}: {code} is not where a function of this area is built"));
            }
            if properties["FunctionName"] != json!({"Fn::Sub": format!("${{RootStackName}}-{package}")}) {
                faults.push(format!("{resource} of {path} is not named for its package"));
            }
        }
    }
    faults
}

/// All areas give their functions the same, and each is deployed with everything that it asks for, by the same name.
pub fn areas_are_deployed_alike(house: &House) -> Faults {
    let mut faults = Faults::new();
    let root = of_kind(&parse(house.text("template.yaml")), "AWS::CloudFormation::Stack");
    let areas = areas(house);
    let first = areas.first().map(|(_, template)| template["Globals"].clone());
    for (path, template) in &areas {
        if Some(&template["Globals"]) != first.as_ref() {
            faults.push(format!("the Globals of {path} are not those of the other areas"));
        }
        let Some((_, stack)) = root.iter().find(|(_, stack)| stack["TemplateURL"] == **path) else {
            faults.push(format!("template.yaml does not deploy {path}"));
            continue;
        };
        let asked: Vec<_> = template["Parameters"].as_object().into_iter().flat_map(Map::keys).collect();
        let given = stack["Parameters"].as_object().cloned().unwrap_or_default();
        for name in asked.iter().filter(|name| !given.contains_key(**name)) {
            faults.push(format!("template.yaml does not give {name} to {path}"));
        }
        for (name, value) in given {
            let output = |stack: &str| json!({"Fn::GetAtt": format!("{stack}.Outputs.{name}")});
            let same = [json!({"Ref": name}), output("Data"), output("Identity"), output("Socket"), output("Common")]
                .contains(&value)
                || (name == "RootStackName" && value == json!({"Ref": "AWS::StackName"}));
            if !asked.contains(&&name) || !same {
                faults.push(format!("template.yaml gives {path} as {name} what it does not ask for, {value}"));
            }
        }
    }
    faults
}

/// An endpoint has the one route of its row, with HEAD beside it where the row says so, and a worker something else that invokes it.
pub fn routes_are_those_of_the_access_table(house: &House) -> Faults {
    let mut faults = Faults::new();
    let api = parse(house.text("infra/api.yaml"));
    let paths = &api["Resources"]["Api"]["Properties"]["DefinitionBody"]["paths"];
    let mut routed = BTreeSet::new();
    for (path, item) in paths.as_object().into_iter().flatten() {
        for (method, operation) in item.as_object().into_iter().flatten().filter(|(name, _)| *name != "parameters") {
            let uri = operation["x-amazon-apigateway-integration"]["uri"]["Fn::Sub"].as_str().unwrap_or_default();
            let function = uri.trim_start_matches("${FunctionPrefix}-").trim_end_matches("/invocations");
            routed.insert((function.to_owned(), method.to_uppercase(), path.clone()));
        }
    }
    let of = |row: &Row| {
        let route = |method: &str| (row.function.clone(), method.to_owned(), row.path.clone());
        row.methods().into_iter().map(route).collect::<Vec<_>>()
    };
    let mut rows: BTreeSet<_> = house.rows().iter().flat_map(of).collect();
    rows.extend(
        ELSEWHERE
            .methods
            .iter()
            .map(|method| (ELSEWHERE.function.to_owned(), (*method).to_owned(), ELSEWHERE.path.to_owned())),
    );
    for (function, method, path) in rows.difference(&routed) {
        faults.push(format!("infra/api.yaml does not route {method} {path} to {function}: cargo run --bin openapi"));
    }
    for (function, method, path) in routed.difference(&rows) {
        faults.push(format!("infra/api.yaml routes {method} {path} to {function}, the access table does not"));
    }
    let named = |name: &Value| {
        let resources = resources(house, "AWS::Serverless::Function");
        resources
            .into_iter()
            .find(|(known, _)| *name == json!({"Ref": known}))
            .map(|(_, one)| one["FunctionName"].clone())
    };
    // What another service invokes by its own settings is let in by a permission of the template.
    let permissions = resources(house, "AWS::Lambda::Permission");
    let invoked: Vec<_> = permissions.iter().filter_map(|(_, permission)| named(&permission["FunctionName"])).collect();
    for (package, properties) in functions(house) {
        let events = properties["Events"].as_object().cloned().unwrap_or_default();
        let has_row = house.rows().into_iter().any(|row| row.function == package);
        if events.values().any(|event| event["Type"] == "HttpApi") {
            faults.push(format!("{package} has a route of its own; the access table has them all"));
        }
        let is_socket = SOCKET_ROUTES.iter().any(|route| route.function == package);
        if !has_row
            && package != ELSEWHERE.function
            && !is_socket
            && events.is_empty()
            && !invoked.iter().any(|name| properties["FunctionName"] == *name)
        {
            faults.push(format!("nothing in the templates invokes {package}"));
        }
    }
    faults
}

/// The WebSocket API has the routes of their table, each leads to its function, and API Gateway may invoke that and no other.
pub fn socket_routes_are_those_of_their_table(house: &House) -> Faults {
    let socket = parse(house.text("infra/socket.yaml"));
    let integrations = of_kind(&socket, "AWS::ApiGatewayV2::Integration");
    let (mut faults, mut routed) = (Faults::new(), BTreeSet::new());
    let of = |arn: &str| arn.trim_end_matches("/invocations").rsplit_once('}').map(|(_, name)| name[1..].to_owned());
    for (name, route) in of_kind(&socket, "AWS::ApiGatewayV2::Route") {
        let target = route["Target"]["Fn::Sub"].as_str().unwrap_or_default();
        let target = target.trim_start_matches("integrations/${").trim_end_matches('}');
        let integration = integrations.iter().find(|(known, _)| known == target).map(|(_, one)| one.clone());
        let integration = integration.unwrap_or_default();
        if integration["CredentialsArn"] != json!({"Fn::GetAtt": "InvokeSocketFunctions.Arn"}) {
            faults.push(format!("{name} of infra/socket.yaml invokes its function without the role"));
        }
        let function = of(integration["IntegrationUri"]["Fn::Sub"].as_str().unwrap_or_default());
        routed.insert((route["RouteKey"].as_str().unwrap_or_default().to_owned(), function.unwrap_or_default()));
    }
    let rows: BTreeSet<_> = SOCKET_ROUTES.iter().map(|row| (row.key.to_owned(), row.function.to_owned())).collect();
    for (key, function) in rows.symmetric_difference(&routed) {
        faults.push(format!("{key} to {function} is not both in infra/socket.yaml and in the table of socket routes"));
    }
    let role =
        &socket["Resources"]["InvokeSocketFunctions"]["Properties"]["Policies"][0]["PolicyDocument"]["Statement"][0];
    let may: BTreeSet<_> = listed(&role["Resource"])
        .iter()
        .filter_map(|arn| arn["Fn::Sub"].as_str()?.rsplit_once("${RootStackName}-").map(|(_, name)| name.to_owned()))
        .collect();
    let named: BTreeSet<_> = SOCKET_ROUTES.iter().map(|row| row.function.to_owned()).collect();
    if may != named || role["Action"] != "lambda:InvokeFunction" {
        faults.push(format!("infra/socket.yaml lets API Gateway invoke {may:?}"));
    }
    let there: BTreeSet<_> =
        house.functions().into_iter().filter(|one| one.sort == Sort::Socket).map(|one| one.name).collect();
    for name in there.symmetric_difference(&named) {
        faults.push(format!("{name} is not both a function and in the table of socket routes"));
    }
    faults
}

/// Statements of the function's own, or the one shared policy; actions and resources by name.
pub fn rights_are_named(house: &House) -> Faults {
    let mut faults = Faults::new();
    for (package, properties) in functions(house) {
        for forbidden in ["Role", "PermissionsBoundary", "Connectors"] {
            if properties.get(forbidden).is_some() {
                faults.push(format!("{package} has a {forbidden}; give it statements of its own"));
            }
        }
        for policy in listed(&properties["Policies"]) {
            match policy["Statement"].as_array() {
                Some(statements) => faults.extend(statements.iter().flat_map(|one| statement(&package, one))),
                None if [ANSWER, SEND].iter().any(|shared| policy == json!({"Ref": shared})) => {}
                None => faults.push(format!("{package}: {policy} is no list of statements of its own")),
            }
        }
    }
    for (name, properties) in shared_policies(house) {
        let statements = listed(&properties["PolicyDocument"]["Statement"]);
        faults.extend(statements.iter().flat_map(|one| statement(&name, one)));
    }
    faults
}

/// Whether it keeps a function that may write beside the published keys from writing keys.
fn denies_keys(statement: &Value) -> bool {
    let keys = json!({"ForAnyValue:StringEquals": {"dynamodb:Attributes": ["signing", "lasting", "issuer"]}});
    statement["Effect"] == "Deny"
        && statement["Action"] == json!(["dynamodb:PutItem"])
        && arn(&statement["Resource"]) == "GuardTableArn"
        && statement["Condition"] == keys
}

/// `platform-keys` alone publishes keys: whoever else may write to their partition is denied what they consist of.
pub fn one_function_publishes_keys(house: &House) -> Faults {
    let shared = shared_policies(house);
    let denied_by_all = shared
        .iter()
        .filter(|(name, _)| name == ANSWER)
        .any(|(_, policy)| listed(&policy["PolicyDocument"]["Statement"]).iter().any(denies_keys));
    let mut faults = Faults::new();
    for (package, properties) in functions(house).into_iter().filter(|(package, _)| package != "platform-keys") {
        let policies = listed(&properties["Policies"]);
        let own: Vec<_> = policies.iter().flat_map(|policy| listed(&policy["Statement"])).collect();
        let writes = |statement: &Value| {
            let prefixes = &statement["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"];
            let writing = listed(&statement["Action"])
                .iter()
                .any(|one| one.as_str().is_some_and(|one| one.ends_with("Item") && !one.ends_with("GetItem")));
            arn(&statement["Resource"]) == "GuardTableArn"
                && writing
                && listed(prefixes).contains(&json!("REVOCATIONS"))
        };
        let only_puts = |statement: &Value| {
            listed(&statement["Action"])
                .iter()
                .all(|one| one == "dynamodb:PutItem" || one == "dynamodb:Query" || one == "dynamodb:GetItem")
        };
        for statement in own.iter().filter(|statement| writes(statement)) {
            let denied = denied_by_all && policies.contains(&json!({"Ref": ANSWER})) || own.iter().any(denies_keys);
            if !denied || !only_puts(statement) {
                faults.push(format!("{package} could change the published keys"));
            }
        }
    }
    faults
}

/// A shard of a stream has room for two functions ("Using AWS Lambda with Amazon DynamoDB"): a third makes all of them wait.
pub fn a_stream_has_two_readers_at_most(house: &House) -> Faults {
    let mut readers: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (package, properties) in functions(house) {
        for event in properties["Events"].as_object().into_iter().flat_map(Map::values) {
            if event["Type"] == "DynamoDB" {
                let stream = event["Properties"]["Stream"]["Ref"].as_str().unwrap_or_default();
                readers.entry(stream.to_owned()).or_default().push(package.clone());
            }
        }
    }
    let crowded = readers.into_iter().filter(|(_, readers)| readers.len() > 2);
    crowded.map(|(stream, readers)| format!("{stream} is read by {}", readers.join(", "))).collect()
}

/// Who asks payment providers while somebody waits has time for four calls of four seconds, and no more than API Gateway gives.
pub fn who_asks_providers_has_the_time(house: &House) -> Faults {
    let asks = |package: &str| {
        house.functions().iter().filter(|function| function.name == package).any(|function| {
            house.text(&format!("{}/src/lib.rs", function.folder)).contains("endpoint!(handle).knows_providers()")
        })
    };
    let askers = functions(house).into_iter().filter(|(package, _)| asks(package));
    let hurried =
        askers.filter(|(_, properties)| !(17..30).contains(&properties["Timeout"].as_i64().unwrap_or_default()));
    hurried.map(|(package, _)| format!("{package} asks providers and has no time for it")).collect()
}

/// Who opens what is sealed may read the key for it, and nobody else; and no function has a secret in its environment.
pub fn the_sealing_key_is_for_who_opens_what_is_sealed(house: &House) -> Faults {
    let mut faults = Faults::new();
    for (package, properties) in functions(house) {
        let own = listed(&properties["Policies"]).into_iter().flat_map(|policy| listed(&policy["Statement"]));
        let may = own.into_iter().any(|one| {
            listed(&one["Action"]).contains(&json!("secretsmanager:GetSecretValue"))
                && arn(&one["Resource"]) == "SealingSecretArn"
        });
        let opens = house.functions().iter().filter(|function| function.name == package).any(|function| {
            house.text(&format!("{}/src/lib.rs", function.folder)).contains("endpoint!(handle).opens_sealed()")
        });
        if may != opens {
            faults.push(format!("{package}: who opens what is sealed says so, and may read the sealing key"));
        }
    }
    for (path, template) in areas(house) {
        if template.to_string().contains("{{resolve:") {
            faults.push(format!("{path} puts a secret where everybody reads it who may read a function's settings"));
        }
    }
    faults
}

fn statement(of: &str, statement: &Value) -> Faults {
    let mut faults = Faults::new();
    if statement["Effect"] == "Deny" && (statement["Action"] == json!(["sns:Publish"]) || denies_keys(statement)) {
        return faults;
    }
    let known = ["Sid", "Effect", "Action", "Resource", "Condition"];
    for key in statement.as_object().into_iter().flat_map(Map::keys).filter(|key| !known.contains(&key.as_str())) {
        faults.push(format!("{of}: a statement with {key} grants more than it names"));
    }
    let actions = listed(&statement["Action"]);
    for action in &actions {
        let action = action.as_str().unwrap_or_default();
        if action.contains('*') || !action.contains(':') || action == "dynamodb:Scan" {
            faults.push(format!("{of} may {action}; name the actions, and scan nothing"));
        }
    }
    let resources = listed(&statement["Resource"]);
    // A telephone, which is published to, has no name of its own. Topics have, and are denied. Textract has no resources.
    let nameless = [json!("sns:Publish"), json!("textract:DetectDocumentText")];
    let nameless = matches!(actions.as_slice(), [one] if nameless.contains(one)) && resources == [json!("*")];
    for resource in resources.iter().filter(|_| !nameless) {
        let text = arn(resource);
        // A prefix of keys in a bucket is the one thing that only a wildcard can name.
        let bucket =
            text.rsplit_once('}').filter(|(bucket, _)| bucket.contains("BucketArn") || bucket.contains(":s3:::"));
        let prefix = bucket.is_some_and(|(_, keys)| keys.len() > "/*".len() && keys.find('*') == Some(keys.len() - 1));
        // Connections have no names before they are there.
        let connections = actions == [json!("execute-api:ManageConnections")]
            && ["POST", "DELETE"]
                .iter()
                .any(|method| text == format!("${{SocketConnectionsArn}}/{method}/@connections/*"));
        if text.is_empty() || text.contains('*') && !prefix && !connections {
            faults.push(format!("{of} may act on {resource}; name the table, index, bucket or prefix"));
        }
    }
    if actions.is_empty() || resources.is_empty() || statement["Effect"] != "Allow" {
        faults.push(format!("{of}: {statement} does not allow named actions on named resources"));
    }
    faults
}

/// What can be done to the trail, and to its indexes: nothing that changes or removes an entry.
const ON_THE_TRAIL: [&str; 2] = ["dynamodb:PutItem", "dynamodb:Query"];

/// Functions may append to the trail and search it.
pub fn the_trail_is_append_only(house: &House) -> Faults {
    let mut faults = Faults::new();
    let own = functions(house).into_iter().flat_map(|(package, properties)| {
        let policies = listed(&properties["Policies"]).into_iter();
        let statements: Vec<_> = policies.flat_map(|policy| listed(&policy["Statement"])).collect();
        statements.into_iter().map(move |statement| (package.clone(), statement))
    });
    let shared = shared_policies(house).into_iter().flat_map(|(name, properties)| {
        let statements = listed(&properties["PolicyDocument"]["Statement"]);
        statements.into_iter().map(move |statement| (name.clone(), statement))
    });
    for (of, statement) in own.chain(shared) {
        let reaches = |resource: &Value| {
            let text = arn(resource);
            // A name that is put together in another way than by the output, or not at all, could be this one.
            text.contains("Audit") || !text.contains("Arn") && (text.is_empty() || text.contains(['*', '?']))
        };
        if listed(&statement["Resource"]).iter().any(reaches) {
            let actions = listed(&statement["Action"]);
            let on_tables = |one: &&Value| {
                !one.as_str().is_some_and(|action| action.starts_with("sns:") || action.starts_with("textract:"))
            };
            for action in
                actions.iter().filter(on_tables).filter(|one| !ON_THE_TRAIL.contains(&one.as_str().unwrap_or_default()))
            {
                faults.push(format!("{of} may {action} on the trail, which is only appended to and searched"));
            }
        }
    }
    faults
}

/// The text of an ARN, whichever way it is put together.
fn arn(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Object(call) => call.values().next().map(arn).unwrap_or_default(),
        Value::Array(parts) => parts.first().map(arn).unwrap_or_default(),
        _ => String::new(),
    }
}

fn listed(value: &Value) -> Vec<Value> {
    match value {
        Value::Null => Vec::new(),
        Value::Array(items) => items.clone(),
        one => vec![one.clone()],
    }
}

/// Who answers requests may follow the feed of ended sessions and count its callers; who does not, may not.
pub fn who_answers_requests_may_count_them(house: &House) -> Faults {
    let mut faults = Faults::new();
    for (package, properties) in functions(house) {
        let has = listed(&properties["Policies"]).contains(&json!({"Ref": ANSWER}));
        let answers = house.rows().into_iter().any(|row| row.function == package);
        if has != answers {
            faults.push(format!("{package}: {ANSWER} is for those, and only those, who answer requests"));
        }
    }
    faults
}

/// What the user pool lets anybody do who knows its client: nothing that makes a user, sends a message or changes by what
/// somebody is known. And codes that everybody knows are for one's own machine.
pub fn strangers_get_nothing_from_the_user_pool(house: &House) -> Faults {
    let identity = parse(house.text("infra/identity.yaml"));
    let pool = &identity["Resources"]["UserPool"]["Properties"];
    let client = &identity["Resources"]["UserPoolClient"]["Properties"];
    let mut faults = Faults::new();
    if pool["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"] != true {
        faults.push("anybody may call SignUp past our limits".to_owned());
    }
    if pool["AccountRecoverySetting"]["RecoveryMechanisms"] != json!([{"Name": "admin_only", "Priority": 1}]) {
        faults.push("anybody may call ForgotPassword past our limits".to_owned());
    }
    for flow in listed(&client["ExplicitAuthFlows"]) {
        if !OPEN_FLOWS.contains(&flow.as_str().unwrap_or_default()) {
            faults.push(format!("anybody may try passwords past our limits by {flow}"));
        }
    }
    for name in listed(&client["WriteAttributes"]) {
        if !COPIED.contains(&name.as_str().unwrap_or_default()) {
            faults.push(format!("the bearer of a token may write {name} past our checks"));
        }
    }
    if client["WriteAttributes"].is_null() {
        faults.push("the bearer of a token may write every attribute past our checks".to_owned());
    }
    let common = parse(house.text("infra/common.yaml"));
    let (settings, values) = settings(&common);
    if !settings.contains("\"fixed_codes\":${FixedCodes}")
        || values["FixedCodes"] != json!({"Fn::If": ["Local", "true", "false"]})
    {
        faults.push("fixed_codes is for one's own machine alone".to_owned());
    }
    faults
}

/// What `infra/common.yaml` makes the settings of: their text, and the values that are put together for it.
fn settings(common: &Value) -> (String, Value) {
    let parts = &common["Outputs"]["Settings"]["Value"]["Fn::Sub"];
    (parts[0].as_str().unwrap_or_default().to_owned(), parts[1].clone())
}

/// The environment is what the configuration reads: its variables, and every member of its settings, tables and buckets by
/// their own names.
pub fn the_environment_is_what_the_configuration_reads(house: &House) -> Faults {
    let mut faults = Faults::new();
    let read = RefCell::new(BTreeSet::new());
    let (text, _) = settings(&parse(house.text("infra/common.yaml")));
    let text = filled(&text);
    let remember = |name: &str| {
        read.borrow_mut().insert(name.to_owned());
        Some(if name == "SETTINGS" { text.clone() } else { "1".to_owned() })
    };
    match Config::from_lookup(remember) {
        Err(error) => faults.push(format!("infra/common.yaml does not make the settings that are read: {error}")),
        Ok(config) => {
            let (tables, nothing) = (&config.tables, String::new());
            for (setting, named) in [
                (&tables.accounts, "AccountsTable"),
                (&tables.catalog, "CatalogTable"),
                (&tables.orders, "OrdersTable"),
                (&tables.prescriptions, "PrescriptionsTable"),
                (&tables.consultations, "ConsultationsTable"),
                (&config.chat_key, "ChatKeyArn"),
                (&config.socket_api, "SocketApiId"),
                (&tables.audit, "AuditTable"),
                (&tables.guard, "GuardTable"),
                (&tables.medicine, "MedicineTable"),
                (&tables.content, "ContentTable"),
                (&tables.notifications, "NotificationsTable"),
                (&config.http_api, "HttpApiId"),
                (config.edge_url.as_ref().unwrap_or(&nothing), "EdgeUrl"),
                (&config.notify_queue, "Notify"),
                (&config.count_queue, "Count"),
                (&tables.records, "RecordsTable"),
                (&config.media_bucket, "MediaBucket"),
                (&config.scans_bucket, "ScansBucket"),
            ] {
                if setting != named {
                    faults.push(format!("the settings of infra/common.yaml have {setting} in the place of {named}"));
                }
            }
        }
    }
    let own = |name: &&String| !NOT_OF_THE_CONFIGURATION.contains(&name.as_str());
    for (path, template) in areas(house) {
        let globals =
            template["Globals"]["Function"]["Environment"]["Variables"].as_object().cloned().unwrap_or_default();
        for name in read.borrow().iter().filter(own).filter(|name| !globals.contains_key(*name)) {
            faults.push(format!("the configuration reads {name}, which Globals of {path} does not set"));
        }
        for name in globals.keys().filter(own).filter(|name| !read.borrow().contains(*name)) {
            faults.push(format!("Globals of {path} sets {name}, which nothing reads"));
        }
    }
    for (package, properties) in functions(house) {
        if properties.get("Environment").is_some() {
            faults.push(format!("{package} has an environment of its own; all functions have the same"));
        }
    }
    faults
}

/// The settings with the name of each parameter in its place; what is no text is a number, or true.
fn filled(text: &str) -> String {
    let text = text.replace(":${StaffMfaRequired}", ":true").replace(":${FixedCodes}", ":true");
    let text = text.replace(":${AssistantGuests}", ":true").replace(":${TriageGuests}", ":true");
    let text = text.replace("${PaymentUrls}", "1,2,3,4,5").replace("${PaymentSecrets}", "1,2,3,4");
    let text = text.replace("\"${Jurisdiction}\"", "\"np\"").replace("${EdgeDigests}", &"0".repeat(64));
    let text = text.replace("${PrescriptionReading}", "off");
    let text = text.replace("\"${Currency}\"", "\"USD\"").replace("\"${PaymentMethods}\"", "\"cod,card\"");
    let mut filled = String::new();
    let mut rest = text.as_str();
    while let Some((before, (name, after))) = rest.split_once("${").and_then(|(a, b)| Some((a, b.split_once('}')?))) {
        filled += before;
        filled += if before.ends_with(['"', ',']) || before.ends_with("://") { name } else { "1" };
        rest = after;
    }
    filled + rest
}
