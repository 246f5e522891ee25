//! `PUT /v1/medicine/rules/{kind}/{id}`: writes the next version of a rule.

use shared::api::prelude::*;
use shared::medicine::body::{ContraindicationBody, DoseBody, InteractionBody, LimitBody, RedFlagBody, Withdrawal};
use shared::medicine::review::{RuleId, RuleKind};
use shared::medicine::view::RuleView;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// What a rule says: of the kind in the path, or that it is withdrawn.
#[derive(ToSchema)]
#[serde(untagged)]
#[allow(dead_code, reason = "it says what the document of the API shows; the area reads the rule by its kind")]
pub enum RuleBody {
    /// Two medicines together.
    Interaction(InteractionBody),
    /// How much of a substance.
    Dose(DoseBody),
    /// For whom a substance is not.
    Contraindication(ContraindicationBody),
    /// How much of a substance in so many days.
    Limit(LimitBody),
    /// A sign of an emergency.
    RedFlag(RedFlagBody),
    /// It must not count any more.
    Withdrawn(Withdrawal),
}

/// A version of a rule to be.
#[derive(Deserialize, ToSchema)]
pub struct PutRuleRequest {
    /// What it says.
    #[schema(value_type = RuleBody)]
    rule: Field<serde_json::Value>,
}

/// Writes the next version of a rule. It counts once another pharmacist has reviewed it; until then the version before goes
/// on counting. A rule with the id of one of the starter data takes its place; a sign of an emergency that is built in stays as it is,
/// and rules add to it. Sent twice, it makes two versions, unless `If-Match` names the version before.
///
/// # Errors
/// 400 with every field at fault, and for a sign that is built in; 404 for a kind that is not known; 409 `set_is_fixed`; 412.
#[utoipa::path(put, path = "/v1/medicine/rules/{kind}/{id}", tag = "Medicine",
    params(("kind" = RuleKind, Path, description = "What the rule is about"),
           ("id" = String, Path, description = "The rule: `rul_` and up to 60 of a-z, 0-9 and underscores"),
           ("If-Match" = Option<String>, Header, description = "The version that is meant"),
           ("If-None-Match" = Option<String>, Header, description = "`*`: only where it is not there yet")),
    request_body = PutRuleRequest,
    responses((status = 200, body = RuleView),
              (status = 409, description = "`set_is_fixed`: a set is reviewed as a whole"),
              (status = 412, description = "`version_mismatch`, `already_exists`")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let kind: RuleKind = request.path("kind")?;
    let id: RuleId = request.path("id")?;
    let rule = request.json_with(|body: PutRuleRequest| body.rule.value("rule"))?;
    let written = app.rule_desk().put(&request.actor()?, kind, id, &rule, &request.precondition()?).await?;
    Ok(ok(&RuleView::of(&written))?.version(written.version))
}
