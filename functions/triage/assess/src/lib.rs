//! `POST /v1/triage`: what follows from how somebody is.

use serde::Serialize;
use shared::api::prelude::*;
use shared::identity::Role;
use shared::triage::Answered;
use shared::triage::assess::{Assessment, TriageAlarm, TriageRequest};

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// What was said may be an emergency, or not.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub enum TriageAnswer {
    /// A sign of danger: nothing else is answered, and nothing is kept.
    Emergency(Box<TriageAlarm>),
    /// What fits, how soon to be seen, what to ask next.
    Assessment(Box<Assessment>),
}

/// Says what fits how a patient is, how soon they should be seen, and what it would tell most to know. Signs of danger come first
/// and alone. Call it again with `triage_id` and the answers to go on. No answer is a diagnosis.
///
/// # Errors
/// 400 with the fields that are not valid; 404 for a triage that is not the caller's.
#[utoipa::path(post, path = "/v1/triage", tag = "Triage", request_body = TriageRequest,
    responses((status = 200, body = TriageAnswer)))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let new = request.json_with(|body: TriageRequest| body.check())?;
    let clinician = request.caller()?.roles.iter().any(|role| matches!(role, Role::Doctor | Role::PharmacyAdmin));
    let answer = match app.triages().assess(&request.actor()?, &new, clinician).await? {
        Answered::Alarm(alarm) => TriageAnswer::Emergency(alarm),
        Answered::Assessment(assessment) => TriageAnswer::Assessment(assessment),
    };
    ok(&answer)
}
