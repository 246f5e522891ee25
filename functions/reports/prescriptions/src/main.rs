//! The Lambda function `reports-prescriptions`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&reports_prescriptions::ENDPOINT)
}
