//! `GET /v1/reports/payments`: what was paid on which days.

use shared::api::prelude::*;
use shared::api::report_as;
use shared::reports::{PaymentsReport, ReportQuery};

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// What was paid and went back on some days of the pharmacy, by ways to pay.
/// With `format=csv` the rows are a file.
///
/// # Errors
/// 400 for parameters that are not valid.
#[utoipa::path(get, path = "/v1/reports/payments", tag = "Reports", params(ReportQuery),
    responses((status = 200, content((PaymentsReport = "application/json"), (String = "text/csv")))))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let asked = request.query_with(ReportQuery::check)?;
    let report = app.reports().payments(&asked).await?;
    report_as(&report, asked.format, "payments", (asked.from, asked.to))
}
