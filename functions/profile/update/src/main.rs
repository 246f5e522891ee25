//! The Lambda function `profile-update`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&profile_update::ENDPOINT)
}
