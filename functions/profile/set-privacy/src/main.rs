//! The Lambda function `profile-set-privacy`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&profile_set_privacy::ENDPOINT)
}
