//! `POST /v1/pages/{slug}/publish`: publishes the latest version of a page, now or later.

use std::time::Duration;

use serde::Serialize;
use shared::accounts::Language;
use shared::api::prelude::*;
use shared::content::PageSlug;
use shared::content::view::PageCard;
use shared::platform::clock::Timestamp;
use shared::platform::wording;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// How far ahead something may be scheduled.
const AHEAD: Duration = Duration::from_hours(24 * 366);

/// What to publish, and when.
#[derive(Deserialize, ToSchema)]
pub struct PublishPageRequest {
    /// When, at most a year ahead; now where it is absent or past. It happens within a minute of that time.
    #[schema(value_type = Option<String>, format = DateTime)]
    at: Option<Field<String>>,
    /// In which language; in all where it is absent.
    #[schema(value_type = Option<Language>)]
    locale: Option<Field<Language>>,
}

struct Command {
    at: Option<Timestamp>,
    locale: Option<Language>,
}

impl PublishPageRequest {
    fn check(self, now: Timestamp) -> Result<Command, FieldErrors> {
        let (at, locale) = all((
            self.at.parse_optional("at", |at| {
                let at = Timestamp::parse(&at)?;
                let near = at <= now.plus(AHEAD);
                near.then_some(at).ok_or_else(|| Invalid::new("out_of_range", wording::field::within_a_year()))
            }),
            self.locale.optional("locale"),
        ))?;
        Ok(Command { at, locale })
    }
}

/// What is published, or will be.
#[derive(Serialize, ToSchema)]
pub struct PublishedPages {
    /// The page in each language.
    items: Vec<PageCard>,
}

/// Publishes the latest version of a page in all its languages, or in one: all of it or nothing. What was scheduled before
/// gives way. Sent twice it changes nothing.
///
/// # Errors
/// 400; 404; 409 for what may not be published, which names the language.
#[utoipa::path(post, path = "/v1/pages/{slug}/publish", tag = "Content",
    params(("slug" = String, Path, description = "The page's name in URLs")),
    request_body = PublishPageRequest,
    responses((status = 200, body = PublishedPages),
              (status = 409, description = "`source_missing`, `not_reviewed`, `review_overdue`, `picture_missing` or \
                                            `version_moved`")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let slug: PageSlug = request.path("slug")?;
    let (now, today) = (app.clock().now(), app.today()?);
    let Command { at, locale } = request.json_with(|body: PublishPageRequest| body.check(now))?;
    let lives = app.publishing().publish(&request.actor()?, &slug, locale, at).await?;
    let card = |live: &shared::content::Live| match live.published_at > now {
        true => PageCard::of_due(live, today),
        false => PageCard::of_live(live, live.revision.locale, today),
    };
    ok(&PublishedPages { items: lives.iter().map(card).collect() })
}
