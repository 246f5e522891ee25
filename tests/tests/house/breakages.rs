//! Each invariant is broken once, in memory: what cannot fail proves nothing.

use crate::Faults;
use crate::house::House;
use crate::{INVARIANTS, documents, functions, operating, tables, template, walls};

/// Breaks the house, and expects a new fault that says `word`.
fn breaks(invariant: fn(&House) -> Faults, broken: &House, word: &str) {
    let before = invariant(&House::here());
    let new: Faults = invariant(broken).into_iter().filter(|fault| !before.contains(fault)).collect();
    assert!(new.iter().any(|fault| fault.contains(word)), "expected a fault with {word:?}, found {new:?}");
}

const LIB: &str = "functions/cart/put-item/src/lib.rs";
const MANIFEST: &str = "functions/cart/put-item/Cargo.toml";
const ACCESS: &str = "shared/src/identity/access.rs";
const TEMPLATE: &str = "functions/platform/template.yaml";
const AUTH: &str = "functions/auth/template.yaml";
const COMMON: &str = "infra/common.yaml";

#[test]
fn crates() {
    let house = House::here();
    let check = functions::crates_follow_the_pattern;
    breaks(check, &house.with(MANIFEST, "cart-put-item", "put-item"), "name = \"cart-put-item\"");
    breaks(check, &house.with(MANIFEST, "shared.workspace = true", "serde_yaml = \"1\""), "serde_yaml");
    breaks(check, &house.with(MANIFEST, "[lints]\n", ""), "[lints]");
    breaks(check, &house.with("functions/cart/put-item/src/main.rs", "}\n", "    // more\n}\n"), "main.rs");
    breaks(functions::every_function_is_registered, &house.without("functions/cart/put-item/"), "cart_put_item");
    breaks(
        functions::every_function_is_registered,
        &house.with("infra/registry/src/lib.rs", "    cart_put_item\n", ""),
        "cart_put_item",
    );
}

#[test]
fn routes() {
    let house = House::here();
    let row = "    \"cart-get\"                     GET    \"/v1/cart\"";
    breaks(functions::every_endpoint_has_its_row, &house.with(ACCESS, row, "    //"), "cart-get");
    breaks(functions::every_endpoint_has_its_row, &house.without("functions/cart/get/"), "cart-get");
    let annotations = functions::annotations_name_the_route_of_the_row;
    breaks(annotations, &house.with(LIB, "utoipa::path(put", "utoipa::path(post"), "put");
    breaks(annotations, &house.with(LIB, "//! `PUT ", "//! `POST "), "begin");
    let routed = template::routes_are_those_of_the_access_table;
    let api = "infra/api.yaml";
    breaks(routed, &house.with(api, "\"/v1/health\":", "\"/health\":"), "platform-health");
    breaks(routed, &house.with(api, "-platform-health/", "-platform-docs/"), "platform-health");
    let own = "CodeUri: ../../target/lambda/platform-health\n      Events: {Http: {Type: HttpApi}}";
    breaks(routed, &house.with(TEMPLATE, "CodeUri: ../../target/lambda/platform-health", own), "a route of its own");
    let sockets = template::socket_routes_are_those_of_their_table;
    let socket = "infra/socket.yaml";
    breaks(sockets, &house.with(socket, "RouteKey: $disconnect", "RouteKey: bye"), "$disconnect");
    breaks(sockets, &house.with(socket, "chat-connect/invocations", "chat-frame/invocations"), "chat-connect");
    breaks(
        sockets,
        &house.with(socket, "      CredentialsArn: !GetAtt InvokeSocketFunctions.Arn\n", ""),
        "without the role",
    );
    breaks(sockets, &house.with(socket, "${RootStackName}-chat-connect\n", "${RootStackName}-*\n"), "lets API Gateway");
    breaks(sockets, &house.without("functions/chat/frame/"), "chat-frame");
    let trigger = "      FunctionName: !Ref AuthVerifyChallenge\n";
    breaks(routed, &house.with(AUTH, trigger, "      FunctionName: other\n"), "auth-verify-challenge");
    let deployed = template::every_function_is_in_the_template_of_its_area;
    let code = "CodeUri: ../../target/lambda/platform-health";
    breaks(deployed, &house.with(TEMPLATE, code, "CodeUri: x"), "platform-health");
    breaks(deployed, &house.with(AUTH, "lambda/auth-login", "lambda/cart-get"), "of this area");
    let name = "FunctionName: !Sub ${RootStackName}-platform-health";
    breaks(deployed, &house.with(TEMPLATE, name, "FunctionName: health"), "named for its package");
    let alike = template::areas_are_deployed_alike;
    breaks(alike, &house.with(TEMPLATE, "MemorySize: 256", "MemorySize: 512"), "Globals");
    let root = "template.yaml";
    breaks(alike, &house.with(root, "functions/platform/template.yaml", "functions/x.yaml"), "does not deploy");
    breaks(
        alike,
        &house.with(root, "        AuditTableArn: !GetAtt Data.Outputs.AuditTableArn\n\n", "\n"),
        "AuditTableArn",
    );
    let swapped = "OrdersTableArn: !GetAtt Data.Outputs.GuardTableArn";
    breaks(alike, &house.with(root, "OrdersTableArn: !GetAtt Data.Outputs.OrdersTableArn", swapped), "OrdersTableArn");
}

#[test]
fn events_and_tests() {
    let house = House::here();
    let events = functions::every_function_has_its_events;
    for outcome in ["ok", "invalid", "unauthenticated"] {
        let path = format!("events/cart/put-item/{outcome}.json");
        breaks(events, &house.without(&path), &path);
    }
    breaks(events, &house.without("events/orders/get/not_found.json"), "orders/get/not_found.json");
    breaks(events, &house.with("events/cart/put-item/fine.json", "", "{}"), "no outcome");
    breaks(events, &house.with("events/cart/nothing/ok.json", "", "{}"), "no function");
    breaks(events, &house.with("events/cart/put-item/ok.json", "{", ""), "not JSON");
    let covered = functions::every_function_is_covered_end_to_end;
    breaks(covered, &house.without("tests/e2e/tests/"), "cart-put-item");
    let made_up = "fn x() { covers!(\"cart-get\", \"cart-made-up\"); }";
    breaks(covered, &house.with("tests/e2e/tests/new.rs", "", made_up), "cart-made-up");
}

#[test]
fn rights() {
    let house = House::here();
    let named = template::rights_are_named;
    let health = "      CodeUri: ../../target/lambda/platform-health\n      Policies: [!Ref AnswerRequests]\n";
    let with = |other: &str| {
        house.with(TEMPLATE, health, &format!("      CodeUri: ../../target/lambda/platform-health\n{other}"))
    };
    let statement = |what: &str| with(&format!("      Policies:\n        - Statement:\n            - {{{what}}}\n"));
    breaks(named, &with("      Role: arn\n"), "Role");
    breaks(named, &with("      Policies: [AmazonDynamoDBFullAccess]\n"), "no list of statements");
    breaks(named, &statement("Effect: Allow, Action: \"dynamodb:*\", Resource: !Ref T"), "dynamodb:*");
    breaks(named, &statement("Effect: Allow, Action: [\"dynamodb:Scan\"], Resource: !Ref T"), "dynamodb:Scan");
    breaks(named, &statement("Effect: Allow, Action: \"s3:GetObject\", Resource: \"*\""), "name the table");
    for anything in ["arn:aws:s3:::${MediaBucket}/*", "${MediaBucketArn}/*/x", "${OrdersTableArn}/*"] {
        let anything = format!("Effect: Allow, Action: \"s3:GetObject\", Resource: !Sub \"{anything}\"");
        breaks(named, &statement(&anything), "name the table");
    }
    breaks(
        named,
        &statement("Effect: Allow, Action: [\"sns:Publish\", \"sns:Subscribe\"], Resource: \"*\""),
        "name the table",
    );
    let connections =
        "Effect: Allow, Action: [\"s3:GetObject\"], Resource: !Sub \"${SocketConnectionsArn}/POST/@connections/*\"";
    breaks(named, &statement(connections), "name the table");
    breaks(named, &statement("Effect: Deny, Action: \"s3:GetObject\", Resource: \"*\""), "does not allow");
    breaks(named, &statement("Effect: Allow, NotAction: \"s3:GetObject\", Resource: !Ref T"), "NotAction");
    let keys = template::one_function_publishes_keys;
    breaks(keys, &house.with(COMMON, "[signing, lasting, issuer]", "[signing, lasting]"), "auth-confirm");
    let streams = template::a_stream_has_two_readers_at_most;
    let third = house.with(
        "functions/notifications/template.yaml",
        "Stream: !Ref PrescriptionsStreamArn",
        "Stream: !Ref OrdersStreamArn",
    );
    breaks(streams, &third, "OrdersStreamArn is read by");
    let time = template::who_asks_providers_has_the_time;
    breaks(time, &house.with("functions/payments/template.yaml", "Timeout: 25", "Timeout: 9"), "payments-");
    let erase = "functions/profile/template.yaml";
    breaks(keys, &house.with(erase, "[signing, lasting, issuer]", "[issuer]"), "profile-erase");
    let sealed = template::the_sealing_key_is_for_who_opens_what_is_sealed;
    breaks(sealed, &house.with(AUTH, "secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"), "auth-");
    let secret = "SETTINGS: \"{{resolve:secretsmanager:x}}\"";
    breaks(sealed, &house.with(TEMPLATE, "SETTINGS: !Ref Settings", secret), "puts a secret");
    let counts = template::who_answers_requests_may_count_them;
    breaks(counts, &house.with(TEMPLATE, "      Policies: [!Ref AnswerRequests]\n", ""), "platform-health");
    breaks(counts, &house.with(AUTH, "        - !Ref AnswerRequests\n", ""), "AnswerRequests");
}

#[test]
fn user_pool() {
    let house = House::here();
    let check = template::strangers_get_nothing_from_the_user_pool;
    for (whole, broken, named) in [
        ("AllowAdminCreateUserOnly: true", "AllowAdminCreateUserOnly: false", "SignUp"),
        ("{Name: admin_only, Priority: 1}", "{Name: verified_email, Priority: 1}", "ForgotPassword"),
        ("[ALLOW_ADMIN_USER_PASSWORD_AUTH, ", "[ALLOW_USER_PASSWORD_AUTH, ", "ALLOW_USER_PASSWORD_AUTH"),
        ("WriteAttributes: [custom:social_email", "WriteAttributes: [email", "email"),
        ("WriteAttributes: [custom:social_email, custom:social_verified, custom:social_name]", "", "every attribute"),
    ] {
        breaks(check, &house.with("infra/identity.yaml", whole, broken), named);
    }
    let everywhere = house.with(COMMON, "FixedCodes: !If [Local, \"true\", \"false\"]", "FixedCodes: \"true\"");
    breaks(check, &everywhere, "fixed_codes");
}

#[test]
fn trail() {
    let house = House::here();
    let check = template::the_trail_is_append_only;
    let health = "      CodeUri: ../../target/lambda/platform-health\n      Policies: [!Ref AnswerRequests]\n";
    let other = "      CodeUri: ../../target/lambda/platform-health\n";
    let with = |what: &str| {
        let statement = format!("      Policies:\n        - Statement:\n            - {{Effect: Allow, {what}}}\n");
        house.with(TEMPLATE, health, &format!("{other}{statement}"))
    };
    let trail = "!Ref AuditTableArn";
    for action in ["UpdateItem", "DeleteItem", "BatchWriteItem", "PartiQLDelete", "*"] {
        breaks(check, &with(&format!("Action: \"dynamodb:{action}\", Resource: {trail}")), action);
    }
    let both = format!("Action: [\"dynamodb:DeleteItem\"], Resource: [!Ref GuardTableArn, {trail}]");
    breaks(check, &with(&both), "DeleteItem");
    let index = "Action: [\"dynamodb:DeleteItem\"], Resource: !Sub \"${AuditTableArn}/index/by_actor\"";
    breaks(check, &with(index), "DeleteItem");
    breaks(check, &with("Action: [\"dynamodb:DeleteItem\"], Resource: \"*\""), "DeleteItem");
    let named = "Action: [\"dynamodb:DeleteItem\"], Resource: \"arn:aws:dynamodb:eu-west-1:1:table/Data-Audit*\"";
    breaks(check, &with(named), "DeleteItem");
    let follow = "            Action: [dynamodb:Query]\n            Resource: !Ref GuardTableArn\n";
    let more = format!("            Action: [dynamodb:UpdateItem]\n            Resource: {trail}\n");
    breaks(check, &house.with(COMMON, follow, &more), "AnswerRequests");
}

#[test]
fn environment_and_tables() {
    let house = House::here();
    let environment = template::the_environment_is_what_the_configuration_reads;
    let renamed = house.with(TEMPLATE, "        SETTINGS:", "        SETTING:");
    breaks(environment, &renamed, "SETTINGS,");
    breaks(environment, &renamed, "SETTING,");
    breaks(environment, &house.with(COMMON, "\"currency\"", "\"money\""), "money");
    breaks(environment, &house.with(COMMON, "\"delivery_fee\":${DeliveryFee},", ""), "delivery_fee");
    breaks(
        environment,
        &house.with(COMMON, "\"orders\":\"${OrdersTable}\"", "\"orders\":\"${GuardTable}\""),
        "OrdersTable",
    );
    let tables = tables::the_tests_have_the_tables_that_are_deployed;
    breaks(tables, &house.with("infra/data.yaml", "IndexName: by_owner", "IndexName: by_person"), "by_person");
    breaks(tables, &house.with("infra/data.yaml", "  GuardTable:\n", "  SpareTable:\n"), "spare");
}

#[test]
fn walls_of_shared() {
    let house = House::here();
    let cart = "shared/src/orders/cart.rs";
    let with = |path: &str, line: &str| house.with(path, "//!", &format!("{line}\n//!"));
    breaks(walls::rules_name_no_cloud, &with(cart, "use aws_sdk_dynamodb::Client;"), cart);
    breaks(walls::rules_name_no_cloud, &with(LIB, "use lambda_http::Body;"), LIB);
    breaks(walls::only_the_configuration_reads_the_environment, &with(cart, "use std::env::var;"), cart);
    breaks(walls::arrows_run_one_way, &with(cart, "use crate::api::App;"), "after orders");
    breaks(
        walls::arrows_run_one_way,
        &with("shared/src/platform/text.rs", "use crate::orders::Cart;"),
        "after platform",
    );
    breaks(walls::arrows_run_one_way, &with(cart, "use crate::{catalog, api};"), "hides");
    breaks(walls::arrows_run_one_way, &house.with("shared/src/wishes/list.rs", "", "pub struct List;"), "wishes");
    breaks(walls::nothing_scans_a_table, &with(cart, "fn f() { client.scan().send(); }"), cart);
}

#[test]
fn days() {
    let update = "functions/profile/update/src/lib.rs";
    let broken = House::here().with(update, "app.today()?", "app.clock().now().date()");
    breaks(walls::days_are_the_pharmacys, &broken, update);
}

#[test]
fn what_operators_rely_on() {
    let house = House::here();
    let alarms = operating::every_alarm_says_what_to_do;
    breaks(alarms, &house.with("docs/runbook.md", "\n## api-errors\n", "\n## errors\n"), "api-errors");
    let slow = "(runbook.md#objective-speed)";
    breaks(alarms, &house.with("docs/operations.md", slow, "(runbook.md)"), "objective-speed");
    let told = "      AlarmActions: [!Ref AlarmsTopicArn]\n";
    breaks(alarms, &house.with("infra/objectives.yaml", told, ""), "nobody hears");
    let edge = operating::the_edge_is_closed_to_whoever_goes_past_it;
    let broken = |from: &str, to: &str| House::here().with("infra/edge.yaml", from, to);
    breaks(edge, &broken("Authorization, Origin]", "Origin]"), "Authorization");
    breaks(edge, &broken("HeaderName: X-Origin-Secret", "HeaderName: X-Other"), "prove itself");
    breaks(edge, &broken("= {value: event.viewer.ip}", "= {value: \"\"}"), "where it comes from");
    breaks(edge, &broken("DefaultTTL: 0", "DefaultTTL: 60"), "does not say so");
    let copies = operating::copies_are_made_of_everything_that_is_kept;
    let orders = "            - !GetAtt Data.Outputs.OrdersTableArn\n            - !GetAtt Data.Outputs.Prescriptions";
    let fewer = "            - !GetAtt Data.Outputs.Prescriptions";
    breaks(copies, &house.with("template.yaml", orders, fewer), "OrdersTable");
}

#[test]
fn links() {
    let house = House::here();
    let guide = documents::every_route_is_in_the_guide;
    breaks(guide, &House::here().with("docs/api.md", "| `POST /v1/auth/mfa` |", "| `POST /v1/mfa` |"), "/v1/auth/mfa");
    let check = documents::whatever_is_linked_exists;
    breaks(
        check,
        &house.with("docs/architecture.md", "# Architecture", "# Architecture\n[x](nowhere.md)"),
        "nowhere.md",
    );
    breaks(check, &house.with("docs/architecture.md", "# Architecture", "see docs/gone-away.md"), "gone-away");
}

#[test]
fn all_invariants_are_listed() {
    // The tests above name them one by one; a new one has to be broken here as well.
    assert_eq!(INVARIANTS.len(), 30);
}
