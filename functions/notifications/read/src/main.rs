//! The Lambda function `notifications-read`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&notifications_read::ENDPOINT)
}
