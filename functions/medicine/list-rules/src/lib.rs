//! `GET /v1/medicine/rules/{kind}`: the pharmacy's rules of a kind, or those of a set of the starter data.

use serde::Serialize;
use shared::api::prelude::*;
use shared::medicine::desk::starter;
use shared::medicine::review::{RuleId, RuleKind, RuleVersion};
use shared::medicine::view::RuleView;
use shared::platform::wording;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// Which rules.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListRulesQuery {
    /// The rules of this set of the starter data, to be looked through before it is reviewed: `rul_set_labels`.
    #[param(value_type = Option<String>)]
    set: Option<Field<String>>,
    /// 1 to 100, 20 by default.
    #[param(value_type = Option<u16>, minimum = 1, maximum = 100)]
    limit: Option<Field<String>>,
    /// `next_cursor` of the page before.
    #[param(value_type = Option<String>)]
    cursor: Option<Field<String>>,
}

/// A page of rules.
#[derive(Serialize, ToSchema)]
pub struct RulePage {
    /// How it stands with the sets of this kind.
    sets: Vec<RuleView>,
    /// The rules.
    items: Vec<RuleView>,
    /// What to send as `cursor` for the next page; `null` on the last.
    next_cursor: Option<String>,
}

/// The pharmacy's own rules by their ids, the latest version of each; or, with `set`, the rules of that set.
///
/// # Errors
/// 400 for parameters that are not valid; 404 for a kind that is not known.
#[utoipa::path(get, path = "/v1/medicine/rules/{kind}", tag = "Medicine",
    params(("kind" = RuleKind, Path, description = "What the rules are about"), ListRulesQuery),
    responses((status = 200, body = RulePage)))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let kind: RuleKind = request.path("kind")?;
    let query: ListRulesQuery = request.query_fields()?;
    let keys = app.signing_keys()?;
    let set = query.set.parse_optional("set", |text| set_of(&text, kind));
    let list = format!("rules {kind} {}", set.as_ref().ok().and_then(Option::as_ref).map_or("own", RuleId::as_str));
    let page = PageQuery { limit: query.limit, cursor: query.cursor }.check(&list, &keys);
    let (set, page) = all((set, page))?;
    let desk = app.rule_desk();
    let sets = desk.sets(kind).await?;
    let after = page.after.as_deref();
    let (items, next) = match set.and_then(|id| sets.iter().find(|set| set.id == id)) {
        Some(set) => of_set(set, after, usize::from(page.limit)),
        None => {
            let (versions, next) = desk.list(kind, after, page.limit).await?;
            let own = versions.iter().filter(|version| version.id.set().is_none());
            (own.map(RuleView::of).collect(), next)
        }
    };
    let sets = sets.iter().map(RuleView::of).collect();
    let next_cursor = next.map(|next| seal(&next, &list, &keys));
    ok(&RulePage { sets, items, next_cursor })
}

fn set_of(text: &str, kind: RuleKind) -> Result<RuleId, Invalid> {
    let id = RuleId::parse(text)?;
    let known = id.set().is_some_and(|set| set.kind() == kind);
    known.then_some(id).ok_or_else(|| Invalid::new("unknown_value", wording::medicine::a_set()))
}

fn of_set(set: &RuleVersion, after: Option<&str>, limit: usize) -> (Vec<RuleView>, Option<String>) {
    let from = after.and_then(|after| after.parse().ok()).unwrap_or(0_usize);
    let rules = starter(set.kind).into_iter().filter(|(own, ..)| set.id.set() == Some(*own));
    let mut rules = rules.skip(from).peekable();
    let mut page = Vec::new();
    while page.len() < limit
        && let Some((_, id, body)) = rules.next()
    {
        let Ok(id) = RuleId::parse(&id) else { continue };
        page.push(RuleView::with(&RuleVersion { id, ..set.clone() }, body));
    }
    let more = rules.peek().is_some();
    (page, more.then(|| (from + limit).to_string()))
}
