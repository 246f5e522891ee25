//! `GET /v1/medicine/rules/{kind}/{id}`: a rule with its versions.

use serde::Serialize;
use shared::api::prelude::*;
use shared::medicine::review::{RuleId, RuleKind};
use shared::medicine::view::RuleView;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// A rule with all that is known of it.
#[derive(Serialize, ToSchema)]
pub struct RuleAnswer {
    /// The latest version.
    #[serde(flatten)]
    latest: RuleView,
    /// The version that counts; `null` where none does.
    in_force: Option<u64>,
    /// The set of the starter data it came in.
    set: Option<&'static str>,
    /// Every version that was written, the newest first.
    versions: Vec<RuleView>,
}

/// A rule of the pharmacy, a set of the starter data, or a rule of one, with its versions.
///
/// # Errors
/// 404.
#[utoipa::path(get, path = "/v1/medicine/rules/{kind}/{id}", tag = "Medicine",
    params(("kind" = RuleKind, Path, description = "What the rule is about"),
           ("id" = String, Path, description = "The rule", example = "rul_ansm_385")),
    responses((status = 200, body = RuleAnswer)))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let kind: RuleKind = request.path("kind")?;
    let id: RuleId = request.path("id")?;
    let found = app.rule_desk().get(kind, &id).await?;
    let version = found.latest.version;
    let answer = RuleAnswer {
        latest: RuleView::with(&found.latest, found.body),
        in_force: found.in_force,
        set: found.set.map(shared::medicine::review::Set::id),
        versions: found.versions.iter().map(RuleView::of).collect(),
    };
    Ok(ok(&answer)?.version(version))
}
