//! The Lambda function `profile-view`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&profile_view::ENDPOINT)
}
