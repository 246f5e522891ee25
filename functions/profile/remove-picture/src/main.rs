//! The Lambda function `profile-remove-picture`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&profile_remove_picture::ENDPOINT)
}
