//! Reports as an answer: JSON, or a file of comma-separated values.

use http::StatusCode;
use http::header::{CONTENT_DISPOSITION, HeaderName};
use serde::Serialize;

use super::response::{ApiResponse, ApiResult, ok};
use crate::platform::clock::Date;
use crate::reports::{Format, csv};

/// Where a file goes on that is a part: what to send as `cursor`.
pub const NEXT_CURSOR: HeaderName = HeaderName::from_static("next-cursor");

/// A report as it was asked for; a file is called by its name and its days.
///
/// # Errors
/// None in practice: reports serialize.
pub fn report_as(
    report: &(impl Serialize + csv::Table),
    format: Format,
    name: &str,
    (from, to): (Date, Date),
) -> ApiResult {
    match format {
        Format::Json => ok(report),
        Format::Csv => {
            let file = ApiResponse::new(StatusCode::OK, csv::CONTENT_TYPE, csv::write(report));
            Ok(file.header(CONTENT_DISPOSITION, &csv::file_name(name, from, to)))
        }
    }
}
