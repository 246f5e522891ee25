//! `GET /v1/reports/inventory`: what is in the house now, and what it has cost.

use shared::api::prelude::*;
use shared::api::{NEXT_CURSOR, report_as};
use shared::catalog::{Manager, Place};
use shared::reports::{Format, InventoryQuery, InventoryReport};

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// What a cursor belongs to.
const LIST: &str = "reports inventory";

/// What is in the house as it is now, product by product: units, how many of them expire soon or are set aside, what they have
/// cost. A seller sees their own products. With `format=csv` the rows are a file, and `next_cursor` is in the header
/// `Next-Cursor`.
///
/// # Errors
/// 400 for parameters that are not valid.
#[utoipa::path(get, path = "/v1/reports/inventory", tag = "Reports", params(InventoryQuery),
    responses((status = 200, content((InventoryReport = "application/json"), (String = "text/csv")))))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let manager = Manager::of(request.caller()?, Permission::SeeSalesReports)?;
    let keys = app.signing_keys()?;
    let ((format, within_days), page) = request.query_with(|mut query: InventoryQuery| {
        let paging = PageQuery { limit: None, cursor: query.cursor.take() };
        all((query.check(), paging.check(LIST, &keys)))
    })?;
    let after = page.after.as_deref().and_then(Place::parse);
    let (mut report, next) = app.inventory_reports().report(&manager, within_days, after).await?;
    report.next_cursor = next.map(|place| seal(&place.to_string(), LIST, &keys));
    let answer = report_as(&report, format, "inventory", (report.as_of, report.as_of))?;
    let cursor = report.next_cursor.as_deref().filter(|_| format == Format::Csv);
    Ok(cursor.into_iter().fold(answer, |answer, cursor| answer.header(NEXT_CURSOR, cursor)))
}
