//! `POST /v1/prescriptions/{id}/refills`: orders the next fill of a prescription.

use shared::api::prelude::*;
use shared::orders::cart::Quantity;
use shared::orders::view::{OrderView, Viewer};
use shared::orders::{Refill, RefillItem};
use shared::payments::PaymentMethod;
use shared::platform::ids::{AddressId, PrescriptionId};
use shared::platform::wording;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle).knows_rules();

/// The most lines of one prescription.
const MOST_ITEMS: usize = 20;

/// What is wanted again.
#[derive(Deserialize, ToSchema)]
pub struct RefillRequest {
    /// Which lines; without it, all that are due.
    #[schema(value_type = Option<Vec<RefillItemRequest>>, min_items = 1, max_items = 20)]
    items: Option<Field<Vec<RefillItemRequest>>>,
    /// An address of the caller's address book.
    #[schema(value_type = String)]
    address_id: Field<String>,
    /// One of the methods of `GET /v1/payments/methods`.
    #[schema(value_type = PaymentMethod)]
    payment_method: Field<String>,
}

/// A line that is wanted again.
#[derive(Deserialize, ToSchema)]
pub struct RefillItemRequest {
    /// Its place among the prescription's `items`, from 0.
    #[schema(value_type = u32, minimum = 0, maximum = 19)]
    line: Field<u32>,
    /// How many packs; without it, as many as the line allows.
    #[schema(value_type = Option<u32>, minimum = 1, maximum = 99)]
    quantity: Option<Field<u32>>,
}

struct Command {
    items: Option<Vec<RefillItem>>,
    address: AddressId,
    payment_method: PaymentMethod,
}

impl RefillRequest {
    fn check(self, offered: &[PaymentMethod]) -> Result<Command, FieldErrors> {
        let (items, address, payment_method) = all((
            self.items.map(|items| items.nested("items", check_items)).transpose(),
            self.address_id.parse("address_id", |id| AddressId::parse(&id)),
            self.payment_method.parse("payment_method", |name| PaymentMethod::parse(&name, offered)),
        ))?;
        Ok(Command { items, address, payment_method })
    }
}

fn check_items(items: Vec<RefillItemRequest>) -> Result<Vec<RefillItem>, FieldErrors> {
    if items.is_empty() || items.len() > MOST_ITEMS {
        return Err(vec![Invalid::new("out_of_range", wording::field::entries_between(MOST_ITEMS)).at("")]);
    }
    let items = each(items, RefillItemRequest::check)?;
    let twice = items
        .iter()
        .enumerate()
        .filter(|(place, item)| items.iter().take(*place).any(|before| before.line == item.line));
    let errors: FieldErrors = twice
        .map(|(place, _)| Invalid::new("repeated", wording::prescriptions::named_above()).at(format!("[{place}].line")))
        .collect();
    if errors.is_empty() { Ok(items) } else { Err(errors) }
}

impl RefillItemRequest {
    fn check(self) -> Result<RefillItem, FieldErrors> {
        let (line, quantity) = all((
            self.line.parse("line", |line| {
                usize::try_from(line)
                    .ok()
                    .filter(|line| *line < MOST_ITEMS)
                    .ok_or_else(|| Invalid::new("out_of_range", wording::field::between(0, MOST_ITEMS - 1)))
            }),
            self.quantity.parse_optional("quantity", Quantity::parse),
        ))?;
        Ok(RefillItem { line, quantity })
    }
}

/// Orders the next fill of a prescription of one's own, through the same checkout and the same gate as a cart; what lies in
/// the cart stays there.
///
/// # Errors
/// 409 `too_early` with the day in `problems[0].eligible_on`, `no_fills_left`, `expired`, `not_approved`; 422
/// `checkout_problems` with a typed problem for every line, stock untouched.
#[utoipa::path(post, path = "/v1/prescriptions/{id}/refills", tag = "Prescriptions",
    params(("id" = String, Path, description = "The prescription"),
           ("Idempotency-Key" = String, Header, description = "Repeating a request with its key repeats its answer")),
    request_body = RefillRequest,
    responses((status = 201, body = OrderView),
              (status = 409, description = "`too_early`, `no_fills_left`, `expired`, `not_approved`"),
              (status = 422, description = "`checkout_problems`, `idempotency_key_reused`"),
              (status = 429, description = "`too_many_orders`")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let customer = request.actor()?;
    let prescription: PrescriptionId = request.path("id")?;
    let key = request.idempotency()?;
    let offered = &app.config().payment_methods;
    let Command { items, address, payment_method } = request.json_with(|body: RefillRequest| body.check(offered))?;
    let refill = Refill { prescription, items, address, payment_method };
    let placed = app.checkout().refill(&customer, &refill, &key).await?;
    let order = placed.answer;
    let view = OrderView::new(&order, order.placing_holds(), &Viewer::Customer, &app.config().media_base_url);
    let location = format!("/v1/orders/{}", order.id);
    Ok(created(&view)?.location(&location).version(order.version).replayed(placed.replayed))
}
