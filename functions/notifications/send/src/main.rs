//! The Lambda function `notifications-send`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve_events(&notifications_send::WORKER)
}
