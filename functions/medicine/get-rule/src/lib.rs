//! `GET /v1/medicine/rules/{kind}/{id}`: a rule with its versions.

use serde::Serialize;
use shared::api::prelude::*;
use shared::medicine::review::{RuleId, RuleKind, RuleStatus};
use shared::medicine::view::RuleView;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// A rule with all that is known of it.
#[derive(Serialize, ToSchema)]
pub struct RuleAnswer {
    /// What it is about.
    kind: RuleKind,
    /// Which.
    id: String,
    /// The latest version; of what came in a set, the release of the starter data.
    version: u64,
    /// How that stands.
    status: RuleStatus,
    /// What it says; absent for a set.
    #[schema(value_type = Option<Object>)]
    #[serde(skip_serializing_if = "serde_json::Value::is_null")]
    rule: serde_json::Value,
    /// What a set is, with the notice that its source asks for.
    about: Option<&'static str>,
    /// Who wrote it; absent for what came with the starter data.
    author: Option<String>,
    /// Who reviewed it.
    reviewed_by: Option<String>,
    /// When.
    #[schema(format = DateTime)]
    reviewed_at: Option<String>,
    /// What the reviewer wrote.
    note: Option<String>,
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
    let latest = RuleView::with(&found.latest, found.body);
    let answer = RuleAnswer {
        kind,
        id: latest.id,
        version,
        status: latest.status,
        rule: latest.rule,
        about: latest.about,
        author: latest.author,
        reviewed_by: latest.reviewed_by,
        reviewed_at: latest.reviewed_at,
        note: latest.note,
        in_force: found.in_force,
        set: found.set.map(shared::medicine::review::Set::id),
        versions: found.versions.iter().map(RuleView::of).collect(),
    };
    Ok(ok(&answer)?.version(version))
}
