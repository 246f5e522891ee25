//! `POST /v1/triage`: what follows from how somebody is.

use serde::Serialize;
use shared::api::ApiResponse;
use shared::api::prelude::*;
use shared::identity::Role;
use shared::triage::assess::{Assessment, TriageAlarm, TriageRequest};
use shared::triage::{Answered, Asker};

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle).answering_in_any_case(emergency);

/// What was said may be an emergency, or not.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub enum TriageAnswer {
    /// A sign of danger: nothing else is answered, and nothing is kept of what begins so.
    Emergency(Box<TriageAlarm>),
    /// What fits, how soon to be seen, what to ask next.
    Assessment(Box<Assessment>),
}

/// The emergency that a request speaks of by what is built in: strangers who share an address keep nobody from being told to call for help.
fn emergency(app: &App, request: &ApiRequest) -> Option<ApiResponse> {
    let today = app.today().ok()?;
    let new = request.json_with(|body: TriageRequest| body.check(today)).ok()?;
    let alarm = app.triages().at_once(&new)?;
    ok(&TriageAnswer::Emergency(Box::new(alarm))).ok()
}

/// Says what fits how a patient is, how soon they should be seen, and what it would tell most to know. Signs of danger come first
/// and alone. Call it again with `triage_id` and the answers to go on. Of a guest, and of who has no records, nothing is kept: `id` and
/// `patient_id` are `null`, `patient` says who is ill, and each request says all of it again. No answer is a diagnosis.
///
/// # Errors
/// 400 with the fields that are not valid; 401 for a guest with `triage_id` or `patient_id`, or where guests may not ask, unless it is
/// an emergency; 403 for a caller without records with one of the two; 404 for a triage that is not the caller's.
#[utoipa::path(post, path = "/v1/triage", tag = "Triage", request_body = TriageRequest,
    responses((status = 200, body = TriageAnswer),
              (status = 403, description = "`forbidden`: who has no records named a triage or a patient"),
              (status = 404, description = "`not_found`: the triage, or the patient, is not the caller's")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let today = app.today()?;
    let new = request.json_with(|body: TriageRequest| body.check(today))?;
    let caller = request.caller_if_any();
    let is_clinician =
        |caller: &Caller| caller.roles.iter().any(|role| matches!(role, Role::Doctor | Role::PharmacyAdmin));
    let clinician = caller.is_some_and(is_clinician);
    let answered = match caller {
        Some(caller) if caller.require(Permission::WriteRecords).is_ok() => {
            app.triages().assess(&request.actor()?, &new, clinician).await?
        }
        Some(_) => app.triages().pass(&new, Asker::WithoutRecords, clinician).await?,
        None => app.triages().pass(&new, Asker::Guest, clinician).await?,
    };
    ok(&match answered {
        Answered::Alarm(alarm) => TriageAnswer::Emergency(alarm),
        Answered::Assessment(assessment) => TriageAnswer::Assessment(assessment),
    })
}
