//! The Lambda function `medicine-safety-report`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&medicine_safety_report::ENDPOINT)
}
