//! The Lambda function `patients-update`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&patients_update::ENDPOINT)
}
