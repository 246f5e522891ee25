//! The Lambda function `profile-delete`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&profile_delete::ENDPOINT)
}
