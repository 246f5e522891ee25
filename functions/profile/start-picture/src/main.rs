//! The Lambda function `profile-start-picture`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&profile_start_picture::ENDPOINT)
}
