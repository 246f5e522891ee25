//! The Lambda function `notifications-remind`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve_events(&notifications_remind::WORKER)
}
