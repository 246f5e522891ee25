//! The Lambda function `profile-erase`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve_events(&profile_erase::WORKER)
}
