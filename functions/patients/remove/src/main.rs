//! The Lambda function `patients-remove`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&patients_remove::ENDPOINT)
}
