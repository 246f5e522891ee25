//! The Lambda function `records-scan-file`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve_events(&records_scan_file::WORKER)
}
