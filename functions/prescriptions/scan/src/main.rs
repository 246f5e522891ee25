//! The Lambda function `prescriptions-scan`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve_events(&prescriptions_scan::WORKER)
}
