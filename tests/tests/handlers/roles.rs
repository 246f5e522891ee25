//! Every role at every route, by the access table and the permission matrix.

use serde_json::{Value, json};
use shared::identity::access::{self, Access};
use shared::identity::{Role, scope};
use support::play::{Stage, sample};
use support::{Answer, user};

/// The codes of a request that was not let in. Of a route that is open to everybody only the last can be: some of these
/// look at secrets in the body, and answer 401 where they are not good.
const REFUSED: [&str; 4] = ["unauthenticated", "invalid_token", "session_ended", "forbidden"];

/// The good event of a function, sent by somebody of a role, or by a guest.
async fn call(
    stage: &Stage,
    function: &'static registry::Registered,
    role: Option<Role>,
    body: Option<&str>,
) -> Answer {
    let mut event: Value = stage.event(&sample::ok(function.name()).text);
    let headers = event["headers"].as_object_mut().unwrap();
    headers.remove("authorization");
    if let Some(role) = role {
        headers.insert("authorization".to_owned(), json!(format!("Bearer {}", stage.world.token(&user(7), role))));
    }
    if let Some(body) = body {
        event["body"] = json!(body);
    }
    stage.world.send(function.endpoint, &event).await
}

fn may(access: Access, role: Option<Role>) -> bool {
    match (access, role) {
        (Access::Anyone | Access::AnyoneOrCaller, _) | (Access::SignedIn, Some(_)) => true,
        (Access::SignedIn | Access::Needs(_), None) => false,
        (Access::Needs(permission), Some(role)) => scope(role, permission).is_some(),
    }
}

fn everybody() -> impl Iterator<Item = Option<Role>> {
    Role::ALL.into_iter().map(Some).chain([None])
}

#[tokio::test]
async fn who_may_not_is_refused_before_the_body_is_read() {
    let stage = Stage::open().await;
    let mut refused = 0;
    for function in registry::ENDPOINTS {
        let route = access::route(function.name()).unwrap();
        // Refusals are counted, too, all routes together.
        stage.world.clock.advance(std::time::Duration::from_secs(20));
        for role in everybody().filter(|role| !may(route.access, *role)) {
            let answer = call(&stage, function, role, Some("{\"this is\": not JSON")).await;
            let at = format!("{} {role:?}: {}", function.name(), answer.text);
            let expected = if role.is_some() { (403, "forbidden") } else { (401, "unauthenticated") };
            assert_eq!((answer.status, answer.code()), expected, "{at}");
            assert_eq!(answer.headers.contains_key("www-authenticate"), role.is_none(), "{at}");
            refused += 1;
        }
    }
    assert!(refused > 0);
}

#[tokio::test]
async fn who_may_is_let_in() {
    for function in registry::ENDPOINTS {
        let route = access::route(function.name()).unwrap();
        let stage = Stage::open().await;
        for role in everybody().filter(|role| may(route.access, *role)) {
            let answer = call(&stage, function, role, None).await;
            let at = format!("{} {role:?}: {} {}", function.name(), answer.status, answer.text);
            let open = matches!(route.access, Access::Anyone | Access::AnyoneOrCaller);
            assert!(!REFUSED[if open { 3 } else { 0 }..].contains(&answer.code()), "{at}");
        }
    }
}

#[tokio::test]
async fn nobody_gets_in_with_two_roles_that_none_alone_would_let_in() {
    let stage = Stage::open().await;
    let endpoint = |name: &str| registry::ENDPOINTS.iter().find(|one| one.name() == name).unwrap();
    let token = |roles: &[Role]| stage.world.issuer.token(&user(7), roles, "s", stage.world.clock.now());
    for (roles, status) in [(&[Role::Doctor, Role::Seller][..], 403), (&[Role::Doctor, Role::Customer][..], 200)] {
        let mut event = stage.event(&sample::ok("cart-get").text);
        event["headers"]["authorization"] = json!(format!("Bearer {}", token(roles)));
        assert_eq!(stage.world.send(endpoint("cart-get").endpoint, &event).await.status, status, "{roles:?}");
    }
}
