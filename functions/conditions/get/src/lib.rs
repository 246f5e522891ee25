//! `GET /v1/conditions/{id}`: a condition, how it shows and what helps.

use shared::api::prelude::*;
use shared::identity::Role;
use shared::triage::conditions::{self, ConditionView};

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// How long caches may keep what a guest is shown, in seconds: the facts are part of the release.
const FRESH: u32 = 3600;

/// A condition. Options that need a prescription are shown to doctors and pharmacists alone.
///
/// # Errors
/// 404.
#[utoipa::path(get, path = "/v1/conditions/{id}", tag = "Triage",
    params(("id" = String, Path, description = "The condition")),
    responses((status = 200, body = ConditionView)))]
pub async fn handle(_app: &App, request: ApiRequest) -> ApiResult {
    let id: String = request.path("id")?;
    let is_clinician =
        |caller: &Caller| caller.roles.iter().any(|role| matches!(role, Role::Doctor | Role::PharmacyAdmin));
    let clinician = request.caller_if_any().is_some_and(is_clinician);
    let answer = ok(&conditions::get(&id, clinician).ok_or_else(Error::not_found)?)?;
    // No cache is trusted with telling callers apart.
    Ok(if clinician { answer.private() } else { answer.public(FRESH) })
}
