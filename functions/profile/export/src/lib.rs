//! `GET /v1/profile/export`: everything that is held on the caller, in one JSON document.

use http::StatusCode;
use http::header::CONTENT_DISPOSITION;
use serde::Serialize;
use shared::api::ApiResponse;
use shared::api::prelude::*;
use shared::data_rights::{ExportLink, Exported, MOST_IN_AN_ANSWER, ProfileExport};

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// The document, or where it is.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub enum ExportAnswer {
    /// The document.
    Document(Box<ProfileExport>),
    /// A document too large for an answer is stored for a day; ask for it at `download_url`.
    Link(ExportLink),
}

/// Everything that is held on the caller: what they sign in with, profile, addresses, cart, orders, prescriptions with
/// links to their files, sessions, who has seen what of it, and what they have done with what is others'. A document of
/// more than 3 MB is linked to instead.
///
/// # Errors
/// 503, also where the audit trail cannot be written.
#[utoipa::path(get, path = "/v1/profile/export", tag = "Profile", responses((status = 200, body = ExportAnswer)))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let roles = request.caller()?.role_names();
    match app.export()?.export(&request.actor()?, roles, MOST_IN_AN_ANSWER).await? {
        Exported::Document(document) => Ok(ApiResponse::new(StatusCode::OK, "application/json", document)
            .header(CONTENT_DISPOSITION, "attachment; filename=\"apothecary-export.json\"")),
        Exported::Link(link) => ok(&ExportAnswer::Link(link)),
    }
}
