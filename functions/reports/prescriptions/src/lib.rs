//! `GET /v1/reports/prescriptions`: what prescriptions came on which days, and how they were decided.

use shared::api::prelude::*;
use shared::api::report_as;
use shared::reports::{PrescriptionsReport, ReportQuery};

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// How many prescriptions came on some days of the pharmacy, how they were decided, and how long they waited.
/// With `format=csv` the rows are a file.
///
/// # Errors
/// 400 for parameters that are not valid.
#[utoipa::path(get, path = "/v1/reports/prescriptions", tag = "Reports", params(ReportQuery),
    responses((status = 200, content((PrescriptionsReport = "application/json"), (String = "text/csv")))))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let asked = request.query_with(ReportQuery::check)?;
    let report = app.reports().prescriptions(&asked).await?;
    report_as(&report, asked.format, "prescriptions", (asked.from, asked.to))
}
