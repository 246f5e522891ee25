//! The Lambda function `profile-export`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&profile_export::ENDPOINT)
}
