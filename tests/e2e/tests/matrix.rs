//! Every role on every route, and every route without a token.

use std::collections::BTreeSet;

use e2e::contract::{ROUTES, Route, Who};
use e2e::{Answer, Client, Shop, covers};
use futures_util::stream::{StreamExt, iter};
use serde_json::Value;

/// Who is let in shows before anything else is looked at: a body that is no JSON, ids of nothing.
async fn knock(client: &Client, route: &Route) -> Answer {
    let method = route.method.parse().unwrap();
    let call = client.call(method, &route.sample_path()).key("knock");
    match route.method {
        "POST" | "PUT" | "PATCH" => call.body("application/json", "{").await,
        _ => call.await,
    }
}

#[tokio::test]
async fn every_route_that_needs_somebody_refuses_nobody() {
    covers!("platform-openapi");
    let shop = Shop::open();
    for route in ROUTES {
        let answer = knock(&shop.guest, route).await;
        if matches!(route.who, Who::Anybody) {
            assert!(!matches!(answer.status, 401 | 403), "{}: {}", route.function, answer.text());
        } else {
            let problem = answer.problem(401, "unauthenticated");
            assert!(problem.get("errors").is_none(), "{problem}");
            knock(&shop.guest.with_token("x"), route).await.any_problem(401);
        }
        assert_ne!(knock(&shop.guest, route).await.status / 100, 5, "{}", route.function);
    }
}

#[tokio::test]
async fn every_role_gets_what_the_matrix_says() {
    covers!("platform-openapi");
    let shop = Shop::open();
    let people = [
        ("super_admin", shop.admin().await),
        ("pharmacy_admin", shop.pharmacist().await),
        ("doctor", shop.doctor().await),
        ("seller", shop.seller().await),
        ("customer", shop.customer().await),
    ];
    let knocks = ROUTES.iter().flat_map(|route| people.iter().map(move |(role, person)| (route, *role, person)));
    let checks = knocks.map(|(route, role, person)| async move {
        let answer = knock(person, route).await;
        let welcome = match route.who {
            Who::Anybody | Who::SignedIn => true,
            Who::Roles(roles) => roles.contains(&role),
        };
        if welcome {
            assert!(
                !matches!(answer.status, 401 | 403 | 500..),
                "{role} on {}: {} {}",
                route.function,
                answer.status,
                answer.text()
            );
        } else {
            assert_eq!(answer.any_problem(403)["code"], "forbidden", "{role} on {}", route.function);
        }
    });
    let checked = iter(checks).buffer_unordered(3).count().await;
    assert_eq!(checked, ROUTES.len() * people.len());
}

#[tokio::test]
async fn the_table_of_these_tests_has_every_operation_that_is_served() {
    covers!("platform-openapi");
    let shop = Shop::open();
    let document = shop.guest.get("/v1/openapi.json").await.body(200);
    let served: BTreeSet<_> = document["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, item)| {
            item.as_object().unwrap().iter().map(move |(method, operation)| (path, method, operation))
        })
        .map(|(path, method, operation)| {
            let function = operation["operationId"].as_str().unwrap_or_default().to_owned();
            (method.to_uppercase(), path.clone(), function)
        })
        .collect();
    let expected: BTreeSet<_> = ROUTES
        .iter()
        .map(|route| (route.method.to_owned(), route.path.to_owned(), route.function.to_owned()))
        .collect();
    assert_eq!(served, expected);
}

#[tokio::test]
async fn the_document_says_who_needs_a_token() {
    covers!("platform-openapi");
    let shop = Shop::open();
    let document = shop.guest.get("/v1/openapi.json").await.body(200);
    for route in ROUTES {
        let operation = &document["paths"][route.path][route.method.to_lowercase()];
        let optional = |security: &Value| {
            security.as_array().is_none_or(|ways| ways.is_empty() || ways.contains(&serde_json::json!({})))
        };
        let open = operation.get("security").is_none_or(optional);
        assert_eq!(open, matches!(route.who, Who::Anybody), "{}: {}", route.function, operation["security"]);
    }
}
