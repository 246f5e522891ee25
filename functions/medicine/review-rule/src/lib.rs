//! `POST /v1/medicine/rules/{kind}/{id}/review`: approves or rejects a version of a rule.

use shared::api::prelude::*;
use shared::medicine::review::{RuleId, RuleKind, Verdict};
use shared::medicine::view::RuleView;
use shared::platform::fields::Invalid;
use shared::platform::text;
use shared::platform::wording;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// What a reviewer decides.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RuleDecision {
    /// It is to count.
    Approve,
    /// It is not to count.
    Reject,
}

/// A review.
#[derive(Deserialize, ToSchema)]
pub struct ReviewRuleRequest {
    /// The version that was read; of a set, the release of the starter data.
    #[schema(value_type = u32, minimum = 1)]
    version: Field<u64>,
    /// What is decided.
    #[schema(value_type = RuleDecision)]
    decision: Field<RuleDecision>,
    /// What was checked, or why not.
    #[schema(value_type = Option<String>, max_length = 500)]
    note: Option<Field<String>>,
}

struct Command(Verdict);

impl TryFrom<ReviewRuleRequest> for Command {
    type Error = FieldErrors;

    fn try_from(body: ReviewRuleRequest) -> Result<Self, FieldErrors> {
        let (version, decision, note) = all((
            body.version.parse("version", one_that_can_be),
            body.decision.value("decision"),
            body.note.parse_optional("note", |note| text::paragraph(&note, 500)),
        ))?;
        Ok(Self(Verdict { version, approve: matches!(decision, RuleDecision::Approve), note }))
    }
}

/// Versions are counted from one; no rule is ever changed so often that more digits were needed.
fn one_that_can_be(version: u64) -> Result<u64, Invalid> {
    let can_be = (1..=u64::from(u32::MAX)).contains(&version);
    can_be.then_some(version).ok_or_else(|| Invalid::new("out_of_range", wording::field::at_least(1)))
}

/// Decides on a version of a rule that somebody else wrote, or on a set of the starter data. What is approved counts within
/// half a minute everywhere. The set of the signs of an emergency can be approved only: they count in any case.
///
/// # Errors
/// 400 for fields that are not valid, and for a set that cannot be rejected; 403 `own_rule`; 404; 409 `version_moved` or `already_reviewed`.
#[utoipa::path(post, path = "/v1/medicine/rules/{kind}/{id}/review", tag = "Medicine",
    params(("kind" = RuleKind, Path, description = "What the rule is about"),
           ("id" = String, Path, description = "The rule", example = "rul_set_labels")),
    request_body = ReviewRuleRequest,
    responses((status = 200, body = RuleView), (status = 403, description = "`own_rule`"),
              (status = 409, description = "`version_moved` or `already_reviewed`")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let kind: RuleKind = request.path("kind")?;
    let id: RuleId = request.path("id")?;
    let Command(verdict) = request.json::<ReviewRuleRequest, _>()?;
    let reviewed = app.rule_desk().review(&request.actor()?, kind, id, verdict).await?;
    Ok(ok(&RuleView::of(&reviewed))?.version(reviewed.version))
}
