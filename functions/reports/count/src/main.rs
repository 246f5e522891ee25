//! The Lambda function `reports-count`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve_events(&reports_count::WORKER)
}
