//! `GET /v1/reports/sales`: what was sold on which days.

use shared::api::prelude::*;
use shared::api::report_as;
use shared::reports::{By, SalesQuery, SalesReport};

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// What was sold on some days of the pharmacy, by days, ISO weeks or months, or by products: orders, units, sums. A seller sees their
/// own products.
/// With `format=csv` the rows are a file.
///
/// # Errors
/// 400 for parameters that are not valid.
#[utoipa::path(get, path = "/v1/reports/sales", tag = "Reports", params(SalesQuery),
    responses((status = 200, content((SalesReport = "application/json"), (String = "text/csv")))))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let caller = request.caller()?;
    caller.require(Permission::SeeSalesReports)?;
    let own = (!caller.may_all(Permission::SeeSalesReports)).then_some(&caller.user);
    let (asked, by) = request.query_with(SalesQuery::check)?;
    let (report, name) = match by {
        By::Period => (app.reports().sales(own, &asked).await?, "sales"),
        By::Product => (app.reports().sales_by_product(own, &asked).await?, "sales-by-product"),
    };
    report_as(&report, asked.format, name, (asked.from, asked.to))
}
