//! The Lambda function `patients-add`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&patients_add::ENDPOINT)
}
