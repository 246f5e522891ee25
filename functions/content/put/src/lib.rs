//! `PUT /v1/pages/{slug}/{locale}`: writes the next version of a page in a language.

use shared::accounts::Language;
use shared::api::prelude::*;
use shared::content::page::Text;
use shared::content::source::SourceInput;
use shared::content::view::PageVersionView;
use shared::content::{PageKind, PageSlug, markdown};
use shared::platform::clock::{Date, Timestamp};
use shared::platform::ids::ProductId;
use shared::platform::text;
use shared::platform::wording;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// The most tags.
const MAX_TAGS: usize = 20;
/// The most products that a page is shown on.
const MAX_PRODUCTS: usize = 100;
/// The most sources.
const MAX_SOURCES: usize = 20;

/// What a page says.
#[derive(Deserialize, ToSchema)]
pub struct PutPageRequest {
    /// What sort of page it is.
    #[schema(value_type = PageKind)]
    kind: Field<PageKind>,
    /// Its heading.
    #[schema(value_type = String, max_length = 200)]
    title: Field<String>,
    /// What it is about, in a sentence or two.
    #[schema(value_type = Option<String>, max_length = 500)]
    summary: Option<Field<String>>,
    /// CommonMark without HTML, at most 64 KB. Links lead to `https://…`, to a path of this site or to a place in the page;
    /// pictures are the page's own, `![a pack](image:img_01J…)`.
    #[schema(value_type = String, max_length = 65_536)]
    body: Field<String>,
    /// What it is found by, in lower case.
    #[schema(value_type = Option<Vec<String>>, max_items = 20)]
    tags: Option<Field<Vec<String>>>,
    /// The products that it is shown on.
    #[schema(value_type = Option<Vec<String>>, max_items = 100)]
    product_ids: Option<Field<Vec<String>>>,
    /// Where what it says is from. Articles, faqs and leaflets need one to be published.
    #[schema(value_type = Option<Vec<SourceInput>>, max_items = 20)]
    sources: Option<Field<Vec<SourceInput>>>,
    /// When somebody must look whether it still holds.
    #[schema(value_type = Option<String>, format = Date)]
    review_due: Option<Field<String>>,
    /// From when on it is shown, once it is published.
    #[schema(value_type = Option<String>, format = DateTime)]
    valid_from: Option<Field<String>>,
    /// Until when it is shown.
    #[schema(value_type = Option<String>, format = DateTime)]
    valid_to: Option<Field<String>>,
}

struct Command(Text);

impl TryFrom<PutPageRequest> for Command {
    type Error = FieldErrors;

    fn try_from(body: PutPageRequest) -> Result<Self, FieldErrors> {
        let tag =
            |tag: String| text::line(&tag, 40).map(|tag| tag.to_lowercase()).map_err(|invalid| vec![invalid.at("")]);
        let product = |id: String| ProductId::parse(&id).map_err(|invalid| vec![invalid.at("")]);
        let (kind, title, summary, body, tags, product_ids, sources, review_due, valid_from, valid_to) = all((
            body.kind.value("kind"),
            body.title.parse("title", |title| text::line(&title, 200)),
            body.summary.parse_optional("summary", |summary| text::line(&summary, 500)),
            body.body.parse("body", |body| markdown::parse(&body)),
            few(body.tags, "tags", MAX_TAGS, tag),
            few(body.product_ids, "product_ids", MAX_PRODUCTS, product),
            few(body.sources, "sources", MAX_SOURCES, SourceInput::check),
            body.review_due.parse_optional("review_due", |day| Date::parse(&day)),
            body.valid_from.parse_optional("valid_from", |time| Timestamp::parse(&time)),
            body.valid_to.parse_optional("valid_to", |time| Timestamp::parse(&time)),
        ))?;
        if let (Some(from), Some(to)) = (valid_from, valid_to)
            && to <= from
        {
            return Err(vec![Invalid::new("out_of_range", wording::field::after_beginning()).at("valid_to")]);
        }
        Ok(Self(Text { kind, title, summary, body, tags, product_ids, sources, review_due, valid_from, valid_to }))
    }
}

/// A list of at most so many; an absent one is empty.
fn few<T, U>(
    list: Option<Field<Vec<T>>>,
    name: &str,
    most: usize,
    parse: impl Fn(T) -> Result<U, FieldErrors>,
) -> Result<Vec<U>, FieldErrors> {
    match list {
        None | Some(Field::Missing) => Ok(Vec::new()),
        Some(list) => list.nested(name, |list| {
            if list.len() > most {
                return Err(vec![Invalid::new("too_many", wording::field::entries_at_most(most)).at("")]);
            }
            each(list, parse)
        }),
    }
}

/// Writes the next version of a page in a language. It is seen by the staff alone until it is published, and what is
/// published meanwhile stays. Every version is kept.
///
/// # Errors
/// 400 with every field at fault; 404 for another language; 412.
#[utoipa::path(put, path = "/v1/pages/{slug}/{locale}", tag = "Content",
    params(("slug" = String, Path, description = "The page's name in URLs: up to 80 of a-z, 0-9 and single hyphens"),
           ("locale" = Language, Path, description = "The language"),
           ("If-Match" = Option<String>, Header, description = "The version that was read"),
           ("If-None-Match" = Option<String>, Header, description = "`*`: only where it is not there yet")),
    request_body = PutPageRequest,
    responses((status = 200, body = PageVersionView, description = "It is changed"),
              (status = 201, body = PageVersionView, description = "It is new"),
              (status = 412, description = "`version_mismatch`, `already_exists`")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let slug = request.path::<String>("slug")?;
    let slug = PageSlug::parse(&slug).map_err(|invalid| Error::invalid_fields(vec![invalid.at("slug")]))?;
    let locale: Language = request.path("locale")?;
    let Command(text) = request.json::<PutPageRequest, _>()?;
    let (written, new) = app.editing().put(&request.actor()?, (slug, locale), text, &request.precondition()?).await?;
    let view = PageVersionView::new(&written, &[], app.today()?, &app.config().media_base_url);
    let answer = if new { created(&view) } else { ok(&view) }?;
    Ok(answer.version(written.version))
}
