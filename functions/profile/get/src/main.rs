//! The Lambda function `profile-get`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&profile_get::ENDPOINT)
}
