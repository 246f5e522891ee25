//! Screening in the dispensing gate, through the real use-cases: what is dangerous passes by no path without a pharmacist,
//! and what is harmless is not held.

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::{Value, json};
use shared::catalog::product::Medicine;
use shared::catalog::{Ingredient, LegalStatus};
use shared::identity::Role;
use shared::orders::screening::hold_id;
use shared::platform::ids::{PrescriptionId, ProductId};
use shared::prescriptions::Status as Rx;
use support::{Answer, medicine, user, world};

use crate::shop::Shop;

const DANGEROUS: &str = include_str!("../../../shared/src/medicine/screening/tests/dangerous.tsv");
const HARMLESS: &str = include_str!("../../../shared/src/medicine/screening/tests/harmless.tsv");

pub fn lines(table: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    table.lines().filter(|line| !line.starts_with('#')).map(|line| line.split('\t').collect())
}

/// `warfarin sodium 5 mg @oral rx`, several ingredients joined by `+`.
pub fn described(text: &str) -> Medicine {
    let (product, status) =
        text.strip_suffix(" rx").map_or((text, LegalStatus::Otc), |product| (product, LegalStatus::Prescription));
    let (ingredients, route) = product.split_once(" @").unwrap_or((product, "oral"));
    let ingredient = |one: &str| match one.find(|letter: char| letter.is_ascii_digit()) {
        Some(at) if at > 0 => Ingredient { name: one[..at].trim().to_owned(), strength: one[at..].to_owned() },
        _ => Ingredient { name: one.trim().to_owned(), strength: "as labelled".to_owned() },
    };
    Medicine {
        name: text.to_owned(),
        ingredients: ingredients.split('+').map(ingredient).collect(),
        route: route.to_owned(),
        ..medicine("x", "1 mg", status)
    }
}

/// A buyer at the counter, with a number of their own.
pub struct Buyer<'s> {
    pub shop: &'s Shop,
    pub number: u32,
}

impl Buyer<'_> {
    /// A product of a description, and a prescription that covers it, if it needs one.
    pub async fn wanted(&self, text: &str, status: Rx) -> (ProductId, Option<PrescriptionId>) {
        let described = described(text);
        self.shop.world.clock.advance(Duration::from_millis(1));
        let product = self.shop.product_with(&described, 500, 9).await;
        if described.legal_status == LegalStatus::Otc {
            return (product, None);
        }
        (product, Some(self.shop.prescription(self.number, status, product, 3).await))
    }

    pub async fn orders(&self, wanted: &[(ProductId, Option<PrescriptionId>)]) -> Answer {
        for (product, _) in wanted {
            self.shop.put(self.number, *product, 1).await;
        }
        let given: Vec<_> = wanted.iter().filter_map(|(_, rx)| *rx).collect();
        let key = format!("key-{}-{}", self.number, self.shop.world.clock.now());
        self.shop.order(self.number, &key, &given).await
    }

    /// Somewhere to deliver to, of their address book.
    pub async fn lives_somewhere(&self) -> String {
        let sample = include_str!("../../../events/address/add/ok.json");
        let event: Value = serde_json::from_str(sample).unwrap();
        let body = serde_json::from_str(event["body"].as_str().unwrap()).unwrap();
        let add = registry::ENDPOINTS.iter().find(|one| one.name() == "address-add").unwrap().endpoint;
        let route = ("POST", "/v1/profile/addresses");
        let added = self.shop.as_customer(self.number, add, route, &[], &[], Some(body)).await;
        assert_eq!(added.status, 201, "{}", added.text);
        added.body["id"].as_str().unwrap().to_owned()
    }

    pub async fn refills(&self, rx: PrescriptionId, address: &str, key: &str) -> Answer {
        let refill = registry::ENDPOINTS.iter().find(|one| one.name() == "prescriptions-refill").unwrap().endpoint;
        let (id, headers) = (rx.to_string(), [("idempotency-key", key)]);
        let body = Some(json!({"address_id": address, "payment_method": "cod"}));
        let route = ("POST", "/v1/prescriptions/x/refills");
        self.shop.as_customer(self.number, refill, route, &[("id", &id)], &headers, body).await
    }

    pub async fn empties_cart(&self) {
        let clear = registry::ENDPOINTS.iter().find(|one| one.name() == "cart-clear").unwrap().endpoint;
        let done = self.shop.as_customer(self.number, clear, ("DELETE", "/v1/cart"), &[], &[], None).await;
        assert!(done.status < 300, "{}", done.text);
    }
}

pub fn id(order: &Answer) -> &str {
    order.body["id"].as_str().unwrap()
}

pub fn screening_holds(order: &Value) -> Vec<&Value> {
    order["holds"].as_array().unwrap().iter().filter(|hold| hold["code"] == "screening").collect()
}

/// Whether an order was stopped where it was placed, and can be packed by no way.
pub async fn is_stopped(shop: &Shop, buyer: u32, order: &Answer) -> Result<(), String> {
    if order.status == 422 {
        let known =
            order.body["problems"].as_array().is_some_and(|all| all.iter().any(|one| one["code"] == "contraindicated"));
        return if known { Ok(()) } else { Err(format!("refused for another reason: {}", order.text)) };
    }
    if order.status != 201 || screening_holds(&order.body).is_empty() {
        return Err(format!("{} without a hold: {}", order.status, order.text));
    }
    for to in ["verified", "packed"] {
        let moved = shop.transition(id(order), to).await;
        if moved.status == 200 {
            return Err(format!("it was {to}"));
        }
    }
    let seen = shop.get_order(buyer, id(order)).await;
    if screening_holds(&seen.body).is_empty() { Err(format!("the hold is gone: {}", seen.text)) } else { Ok(()) }
}

#[tokio::test]
async fn no_dangerous_order_passes_by_any_path() {
    let shop = Shop::open().await;
    let mut passed = Vec::new();
    let mut buyers = 100..;
    let mut seen = 0;
    for pair in lines(DANGEROUS) {
        let (one, other, citation) = (pair[0], pair[1], pair[2]);
        seen += 1;
        for (first, second) in [(one, other), (other, one)] {
            // In one cart.
            let buyer = Buyer { shop: &shop, number: buyers.next().unwrap() };
            let both = [buyer.wanted(first, Rx::Approved).await, buyer.wanted(second, Rx::Approved).await];
            let order = buyer.orders(&both).await;
            if let Err(why) = is_stopped(&shop, buyer.number, &order).await {
                passed.push(format!("{first} with {second} ({citation}): {why}"));
            }
            // One after the other: what was supplied is still being taken.
            let buyer = Buyer { shop: &shop, number: buyers.next().unwrap() };
            let before = buyer.wanted(first, Rx::Approved).await;
            let placed = buyer.orders(&[before]).await;
            assert_eq!(placed.status, 201, "{first}: {}", placed.text);
            for to in ["verified", "packed", "shipped", "delivered"] {
                let moved = shop.transition(id(&placed), to).await;
                assert_eq!(moved.status, 200, "{first} to {to}: {}", moved.text);
            }
            shop.world.clock.advance(Duration::from_hours(1));
            let after = buyer.wanted(second, Rx::Approved).await;
            let order = buyer.orders(&[after]).await;
            if let Err(why) = is_stopped(&shop, buyer.number, &order).await {
                passed.push(format!("{second} after {first} ({citation}): {why}"));
            }
        }
    }
    assert!(seen >= 60 && passed.is_empty(), "{seen} {passed:#?}");
}

#[tokio::test]
async fn no_dangerous_order_passes_while_its_prescriptions_are_reviewed() {
    let shop = Shop::open().await;
    let mut passed = Vec::new();
    for (buyer, pair) in (100..).zip(lines(DANGEROUS)) {
        let buyer = Buyer { shop: &shop, number: buyer };
        let wanted = [buyer.wanted(pair[0], Rx::Pending).await, buyer.wanted(pair[1], Rx::Pending).await];
        let order = buyer.orders(&wanted).await;
        if order.status == 201 {
            for rx in wanted.iter().filter_map(|(_, rx)| *rx) {
                shop.review(rx, Rx::Approved).await;
            }
        }
        if let Err(why) = is_stopped(&shop, buyer.number, &order).await {
            passed.push(format!("{pair:?}: {why}"));
        }
    }
    assert!(passed.is_empty(), "{passed:#?}");
}

#[tokio::test]
async fn of_two_dangerous_orders_that_are_placed_beside_each_other_neither_is_packed() {
    let shop = Shop::open().await;
    let buyer = Buyer { shop: &shop, number: 1 };
    let warfarin = buyer.orders(&[buyer.wanted("warfarin sodium 5 mg rx", Rx::Approved).await]).await;
    assert_eq!((warfarin.status, screening_holds(&warfarin.body).len()), (201, 0), "{}", warfarin.text);
    let ibuprofen = buyer.orders(&[buyer.wanted("ibuprofen 200 mg", Rx::Approved).await]).await;
    assert_eq!((ibuprofen.status, screening_holds(&ibuprofen.body).len()), (201, 1), "{}", ibuprofen.text);
    for order in [&warfarin, &ibuprofen] {
        let refused = shop.transition(id(order), "verified").await;
        assert_eq!((refused.status, refused.code()), (422, "dispensing_refused"));
        assert_eq!(refused.body["problems"][0]["code"], "screening", "{}", refused.text);
    }
    // Called off, it is taken by nobody.
    assert_eq!(shop.cancel(1, id(&ibuprofen)).await.status, 200);
    assert_eq!(shop.cancel(1, id(&ibuprofen)).await.status, 200, "once more changes nothing");
    assert_eq!(shop.transition(id(&warfarin), "verified").await.status, 200);
}

#[tokio::test]
async fn no_harmless_order_is_held() {
    let shop = Shop::open().await;
    let mut held = Vec::new();
    let mut seen = 0;
    for (buyer, order) in (100..).zip(lines(HARMLESS)) {
        seen += 1;
        let buyer = Buyer { shop: &shop, number: buyer };
        let mut wanted = Vec::new();
        for text in &order {
            wanted.push(buyer.wanted(text, Rx::Approved).await);
        }
        let placed = buyer.orders(&wanted).await;
        if placed.status != 201 || placed.body["holds"] != json!([]) {
            held.push(format!("{order:?}: {}", placed.text));
            continue;
        }
        for to in ["verified", "packed"] {
            let moved = shop.transition(id(&placed), to).await;
            if moved.status != 200 {
                held.push(format!("{order:?} is not {to}: {}", moved.text));
            }
        }
    }
    assert!(seen >= 60 && held.is_empty(), "{seen} {held:#?}");
}

#[tokio::test]
async fn what_is_contraindicated_is_refused_by_name_and_changes_nothing() {
    let shop = Shop::open().await;
    let buyer = Buyer { shop: &shop, number: 1 };
    let wanted = [
        buyer.wanted("simvastatin 20 mg", Rx::Approved).await,
        buyer.wanted("clarithromycin 500 mg", Rx::Approved).await,
    ];
    let refused = buyer.orders(&wanted).await;
    assert_eq!((refused.status, refused.code()), (422, "checkout_problems"), "{}", refused.text);
    let named: Vec<_> =
        refused.body["problems"].as_array().unwrap().iter().map(|one| one["product_id"].clone()).collect();
    assert_eq!(named, [json!(wanted[0].0), json!(wanted[1].0)]);
    let detail = refused.body["problems"][0]["detail"].as_str().unwrap();
    assert!(detail.contains("simvastatin") && detail.contains("clarithromycin"), "{detail}");
    let preview = shop.preview(1, &[]).await;
    assert_eq!(preview.body["problems"], refused.body["problems"]);
    let finding = &preview.body["screening"]["findings"][0];
    assert_eq!(
        (&finding["level"], &finding["severity"], &finding["indicator"]),
        (&json!("contraindicated"), &json!("high"), &json!("critical"))
    );
    assert!(preview.body["screening"]["dataset"].as_str().unwrap().contains("ansm"), "{}", preview.text);
    assert_eq!(shop.stock(wanted[0].0).await, (9, 0, 0));
    buyer.empties_cart().await;
}

#[tokio::test]
async fn what_is_only_worth_knowing_is_told_and_stands_on_the_order() {
    let shop = Shop::open().await;
    let buyer = Buyer { shop: &shop, number: 1 };
    let wanted = [
        buyer.wanted("acetaminophen 500 mg", Rx::Approved).await,
        buyer.wanted("acetaminophen 325 mg+caffeine 65 mg", Rx::Approved).await,
    ];
    let order = buyer.orders(&wanted).await;
    assert_eq!((order.status, &order.body["holds"]), (201, &json!([])), "{}", order.text);
    let finding = &order.body["screening"]["findings"][0];
    assert_eq!((&finding["kind"], &finding["consequence"]), (&json!("duplicate"), &json!("tell")), "{}", order.text);
    for to in ["verified", "packed"] {
        assert_eq!(shop.transition(id(&order), to).await.body["screening"]["findings"][0]["kind"], "duplicate");
    }
    let stored = shop.world.app.orders().store.get(id(&order).parse().unwrap()).await.unwrap().unwrap();
    let stages: Vec<_> = stored.screened.iter().map(|one| one.status.as_str()).collect();
    assert_eq!(stages, ["placed", "verified", "packed"]);
    assert!(stored.screened.iter().all(|one| one.dataset.starts_with("Apothecary starter set")));
}

#[tokio::test]
async fn what_nobody_knows_is_held_until_a_pharmacist_has_looked_it_up() {
    let shop = Shop::open().await;
    let buyer = Buyer { shop: &shop, number: 1 };
    let order = buyer.orders(&[buyer.wanted("unobtainium 1 mg", Rx::Approved).await]).await;
    assert_eq!(order.status, 201, "{}", order.text);
    let hold = screening_holds(&order.body)[0].clone();
    assert_eq!((&hold["next_actor"], &hold["id"]), (&json!("pharmacy"), &json!(hold_id("unmapped:unobtainium"))));
    let hold = hold["id"].as_str().unwrap();
    assert_eq!(shop.transition(id(&order), "verified").await.code(), "dispensing_refused");
    let resolved = shop.resolve(8, id(&order), hold, "override").await;
    assert_eq!((resolved.status, &resolved.body["holds"]), (200, &json!([])), "{}", resolved.text);
    assert_eq!(shop.resolve(8, id(&order), hold, "override").await.status, 200, "decided so already");
    let other = hold_id("unmapped:something else");
    assert_eq!(shop.resolve(8, id(&order), &other, "override").await.status, 404);
    for to in ["verified", "packed"] {
        assert_eq!(shop.transition(id(&order), to).await.status, 200);
    }
    let trail = shop.trail_of_others(&user(1)).await;
    let resolved = |outcome: &str| (user(8).to_string(), "order.resolve_hold".to_owned(), outcome.to_owned());
    assert!(trail.contains(&resolved("allowed")) && trail.contains(&resolved("refused")), "{trail:?}");
}

#[tokio::test]
async fn what_is_contraindicated_takes_two_pharmacists() {
    let shop = Shop::open().await;
    let buyer = Buyer { shop: &shop, number: 1 };
    let wanted = [
        buyer.wanted("simvastatin 20 mg rx", Rx::Approved).await,
        buyer.wanted("clarithromycin 500 mg rx", Rx::Approved).await,
    ];
    let order = buyer.orders(&wanted).await;
    assert_eq!((order.status, screening_holds(&order.body).len()), (201, 1), "{}", order.text);
    let hold = screening_holds(&order.body)[0]["id"].as_str().unwrap().to_owned();
    let of_one = json!({"decision": "override", "product_id": wanted[0].0, "reason_code": "other", "reason": "Fine."});
    assert_eq!(shop.resolve_with(8, id(&order), &hold, of_one).await.fields(), ["product_id"]);
    let first = shop.resolve(8, id(&order), &hold, "override").await;
    assert_eq!((first.status, screening_holds(&first.body).len()), (200, 1), "{}", first.text);
    assert!(first.body["holds"][0]["detail"].as_str().unwrap().ends_with("confirm what was decided."));
    assert_eq!(shop.transition(id(&order), "verified").await.status, 422, "one is not enough");
    let again = shop.resolve(8, id(&order), &hold, "override").await;
    assert_eq!((again.status, again.code()), (403, "second_pharmacist_required"), "{}", again.text);
    let second = shop.resolve(9, id(&order), &hold, "override").await;
    assert_eq!((second.status, &second.body["holds"]), (200, &json!([])), "{}", second.text);
    assert_eq!(shop.transition(id(&order), "verified").await.status, 200);
    let repeated = shop.order(1, "another", &[]).await;
    assert_eq!(repeated.status, 422, "the cart is empty");
}

#[tokio::test]
async fn nobody_decides_about_their_own_order_and_a_hold_can_end_it() {
    let shop = Shop::open().await;
    let product = shop.product_with(&described("unobtainium 1 mg"), 500, 9).await;
    shop.put(9, product, 1).await;
    let own = shop.order(9, "own", &[]).await;
    let hold = hold_id("unmapped:unobtainium");
    assert_eq!(shop.resolve(9, id(&own), &hold, "override").await.code(), "own_order");
    let cancelled = shop.resolve(8, id(&own), &hold, "cancel").await;
    assert_eq!((cancelled.status, &cancelled.body["status"]), (200, &json!("cancelled")), "{}", cancelled.text);
    assert_eq!(shop.resolve(8, id(&own), &hold, "cancel").await.status, 200, "it is so already");
    assert_eq!(shop.stock(product).await, (9, 0, 0));
    // A hold of another sort ends by itself.
    let medicine = shop.product(100, 9, LegalStatus::Prescription).await;
    let pending = shop.prescription(1, Rx::Pending, medicine, 1).await;
    shop.put(1, medicine, 1).await;
    let order = shop.order(1, "key", &[pending]).await;
    let refused = shop.resolve(8, id(&order), "prescription_review", "override").await;
    assert_eq!((refused.status, refused.code()), (409, "not_resolvable"), "{}", refused.text);
}

#[tokio::test]
async fn without_rules_everything_is_held() {
    let shop = Shop::unreviewed(world().await);
    let product = shop.product(500, 9, LegalStatus::Otc).await;
    shop.put(1, product, 1).await;
    let order = shop.order(1, "unreviewed", &[]).await;
    assert_eq!(screening_holds(&order.body)[0]["id"], hold_id("not_screened"), "{}", order.text);
    assert_eq!(shop.transition(id(&order), "verified").await.status, 422);
    // The same where the rules cannot be read.
    let shop = Shop::open().await;
    let product = shop.product(500, 9, LegalStatus::Otc).await;
    shop.put(1, product, 1).await;
    shop.world.dynamo.delete_table().table_name("medicine").send().await.unwrap();
    shop.world.clock.advance(Duration::from_mins(10));
    let order = shop.order(1, "unread", &[]).await;
    assert_eq!(order.status, 201, "{}", order.text);
    assert_eq!(screening_holds(&order.body)[0]["id"], hold_id("not_screened"), "{}", order.text);
    let again = shop.order(1, "unread", &[]).await;
    assert_eq!(again.body, order.body, "a repeated request hears what it heard first");
}

#[tokio::test]
async fn a_childs_order_is_screened_by_their_age_and_a_seller_learns_nothing_of_it() {
    let shop = Shop::open().await;
    let seller = user(7);
    let aspirin = described("aspirin 81 mg");
    let product = shop.product_sold_by(Some(seller.clone()), &aspirin, 500, 9).await;
    shop.put(1, product, 1).await;
    assert_eq!(shop.preview(1, &[]).await.body["problems"], json!([]), "nobody knows how old they are");
    shop.born(1, "2019-05-01").await;
    let refused = shop.order(1, "child", &[]).await;
    assert_eq!(refused.body["problems"][0]["code"], "contraindicated", "{}", refused.text);
    assert!(refused.body["problems"][0]["detail"].as_str().unwrap().contains("younger than"), "{}", refused.text);
    // An adult who has warfarin is held, and the seller of one line is not told why.
    let buyer = Buyer { shop: &shop, number: 2 };
    let order = buyer.orders(&[buyer.wanted("warfarin sodium 5 mg rx", Rx::Approved).await, (product, None)]).await;
    assert_eq!((order.status, screening_holds(&order.body).len()), (201, 1), "{}", order.text);
    let seen = shop.get_order_as(&seller, Role::Seller, id(&order)).await;
    assert_eq!(seen.status, 200, "{}", seen.text);
    assert_eq!(screening_holds(&seen.body)[0]["detail"], "A pharmacist has to look at this order.");
    assert!(seen.body["screening"].is_null() && !seen.text.contains("warfarin"), "{}", seen.text);
}

/// Ten tablets of 30 mg of the hydrochloride: 245.79 mg of the base, of which 7500 mg may be had in thirty days.
const DECONGESTANT: &str = "pseudoephedrine hydrochloride 30 mg";

/// A product, and a prescription for it.
type Prescribed = (ProductId, PrescriptionId);

/// Refills all of these at once: the orders, and what was refused because of a limit.
async fn refills_at_once(buyer: &Buyer<'_>, address: &str, wanted: &[Prescribed]) -> (Vec<Answer>, Vec<Prescribed>) {
    let now = buyer.shop.world.clock.now();
    let refill = |(product, rx): &Prescribed| {
        let (rx, key) = (*rx, format!("{product}-{now}"));
        async move {
            loop {
                let answer = buyer.refills(rx, address, &key).await;
                // Who was in the way of others too often has not had its try yet.
                if answer.status != 503 {
                    return answer;
                }
            }
        }
    };
    let answers = join_all(wanted.iter().map(refill)).await;
    let (mut placed, mut refused) = (Vec::new(), Vec::new());
    for (answer, one) in answers.into_iter().zip(wanted) {
        if answer.status == 201 {
            placed.push(answer);
        } else {
            let code = &answer.body["problems"][0]["code"];
            assert_eq!((answer.status, code), (422, &json!("limit_exceeded")), "{}", answer.text);
            refused.push(*one);
        }
    }
    (placed, refused)
}

#[tokio::test(flavor = "multi_thread")]
async fn orders_at_once_never_pass_a_limit_together() {
    let shop = Shop::open().await;
    let buyer = Buyer { shop: &shop, number: 1 };
    let address = buyer.lives_somewhere().await;
    // Each order is the refill of a prescription of its own, so that all have what they need, and the limit alone is in the way.
    let mut wanted = Vec::new();
    for _ in 0..20 {
        shop.world.clock.advance(Duration::from_millis(1));
        let product = shop.product_with(&described(DECONGESTANT), 100, 50).await;
        wanted.push((product, shop.prescription(1, Rx::Approved, product, 3).await));
    }
    let reserved = async || {
        let mut packs = 0;
        for (product, _) in &wanted {
            packs += shop.stock(*product).await.1;
        }
        packs
    };
    // Of the thirty packs that may be had twenty are, and each of the twenty who come at once wants two.
    shop.put(1, wanted[0].0, 20).await;
    assert_eq!(shop.order(1, "first", &[]).await.status, 201);
    let (placed, left) = refills_at_once(&buyer, &address, &wanted).await;
    assert_eq!((placed.len(), left.len(), reserved().await), (5, 15, 30));
    // What is called off goes back once, whoever says so at once.
    let off = id(&placed[0]);
    for cancelled in join_all((0..3).map(|_| shop.cancel(1, off))).await {
        assert!([200, 503].contains(&cancelled.status), "{}", cancelled.text);
    }
    assert_eq!(reserved().await, 28);
    shop.world.clock.advance(Duration::from_millis(1));
    let (placed, left) = refills_at_once(&buyer, &address, &left).await;
    assert_eq!((placed.len(), left.len(), reserved().await), (1, 14, 30), "as much as went back, and no more");
}

#[tokio::test]
async fn a_limit_says_what_was_bought_and_when_more_is_possible_and_cancelling_gives_back_once() {
    let shop = Shop::open().await;
    let product = shop.product_with(&described(DECONGESTANT), 100, 200).await;
    shop.put(1, product, 20).await;
    let first = shop.order(1, "first", &[]).await;
    assert_eq!(first.status, 201, "{}", first.text);
    shop.world.clock.advance(Duration::from_hours(24 * 10));
    shop.put(1, product, 11).await;
    let preview = shop.preview(1, &[]).await;
    let refused = shop.order(1, "second", &[]).await;
    let problem = &refused.body["problems"][0];
    assert_eq!(preview.body["problems"], refused.body["problems"]);
    assert_eq!(
        (&problem["code"], &problem["eligible_on"]),
        (&json!("limit_exceeded"), &json!("2026-12-20")),
        "{problem}"
    );
    let detail = problem["detail"].as_str().unwrap();
    for part in ["7500 mg of pseudoephedrine", "4915.8 mg were bought before", "2703.69 mg", "2026-12-20"] {
        assert!(detail.contains(part), "{part}: {detail}");
    }
    assert_eq!(shop.cancel(1, id(&first)).await.status, 200);
    assert_eq!(shop.cancel(1, id(&first)).await.status, 200);
    assert_eq!(shop.order(1, "third", &[]).await.status, 201, "what was called off was not bought");
    shop.put(1, product, 20).await;
    assert_eq!(
        shop.order(1, "fourth", &[]).await.body["problems"][0]["code"],
        "limit_exceeded",
        "and it went back once"
    );
    // Another person has a limit of their own, and a label that does not tell is no way around it.
    shop.put(2, product, 30).await;
    assert_eq!(shop.order(2, "other", &[]).await.status, 201);
    let untold = Medicine { pack_size: "a bag".to_owned(), ..described(DECONGESTANT) };
    let untold = shop.product_with(&untold, 100, 9).await;
    shop.put(3, untold, 1).await;
    assert_eq!(shop.order(3, "untold", &[]).await.body["problems"][0]["code"], "limit_exceeded");
}

#[tokio::test]
async fn a_refill_goes_through_the_same_gate_and_not_too_early() {
    let shop = Shop::open().await;
    let buyer = Buyer { shop: &shop, number: 1 };
    let address = buyer.lives_somewhere().await;
    let (product, rx) = buyer.wanted("warfarin sodium 5 mg rx", Rx::Approved).await;
    let rx = rx.unwrap();
    shop.change_rx(rx, |rx| rx.lines[0].days_supply = Some(30)).await;
    let first = buyer.refills(rx, &address, "first").await;
    assert_eq!((first.status, &first.body["holds"]), (201, &json!([])), "{}", first.text);
    assert_eq!(
        (&first.body["items"][0]["product_id"], &first.body["items"][0]["quantity"]),
        (&json!(product), &json!(2))
    );
    let again = buyer.refills(rx, &address, "first").await;
    assert_eq!((again.status, &again.body), (201, &first.body), "the same request is the same order");
    shop.world.clock.advance(Duration::from_hours(24 * 22));
    let early = buyer.refills(rx, &address, "second").await;
    assert_eq!((early.status, early.code()), (409, "too_early"), "{}", early.text);
    assert_eq!(early.body["problems"][0]["eligible_on"], "2026-12-13");
    shop.world.clock.advance(Duration::from_hours(24));
    // What lies in the cart stays there.
    let other = shop.product(100, 9, LegalStatus::Otc).await;
    shop.put(1, other, 1).await;
    let second = buyer.refills(rx, &address, "second").await;
    assert_eq!(
        (second.status, &second.body["holds"]),
        (201, &json!([])),
        "more of the same is no duplicate: {}",
        second.text
    );
    assert_eq!(shop.cart(1).await.body["items"].as_array().unwrap().len(), 1);
    for to in ["verified", "packed"] {
        assert_eq!(shop.transition(id(&second), to).await.status, 200);
    }
    shop.world.clock.advance(Duration::from_hours(24 * 8));
    assert_eq!(buyer.refills(rx, &address, "third").await.code(), "too_early");
    shop.change_rx(rx, |rx| rx.lines[0].fills_allowed = 2).await;
    assert_eq!(buyer.refills(rx, &address, "fourth").await.code(), "no_fills_left");
    shop.world.clock.advance(Duration::from_hours(24 * 30));
    assert_eq!(buyer.refills(rx, &address, "fifth").await.code(), "expired");
    let another = Buyer { shop: &shop, number: 2 };
    let elsewhere = another.lives_somewhere().await;
    assert_eq!(another.refills(rx, &elsewhere, "theirs").await.status, 404);
}

#[tokio::test]
async fn a_refill_by_ingredient_is_of_the_medicine_that_was_dispensed() {
    let shop = Shop::open().await;
    let buyer = Buyer { shop: &shop, number: 1 };
    let address = buyer.lives_somewhere().await;
    let (product, rx) = buyer.wanted("metformin hydrochloride 500 mg rx", Rx::Approved).await;
    let rx = rx.unwrap();
    shop.name_ingredient(rx, "metformin hydrochloride").await;
    let first = buyer.orders(&[(product, Some(rx))]).await;
    assert_eq!(first.status, 201, "{}", first.text);
    shop.alter(product, &described("metformin hydrochloride 1000 mg rx")).await;
    let changed = buyer.refills(rx, &address, "changed").await;
    assert_eq!((changed.status, changed.code()), (422, "checkout_problems"), "{}", changed.text);
    assert_eq!(changed.body["problems"][0]["code"], "medicine_changed");
    shop.alter(product, &described("metformin hydrochloride 500 mg rx")).await;
    let second = buyer.refills(rx, &address, "second").await;
    assert_eq!((second.status, &second.body["items"][0]["product_id"]), (201, &json!(product)), "{}", second.text);
}

#[tokio::test]
async fn of_a_product_that_two_lines_come_to_a_refill_takes_one() {
    let shop = Shop::open().await;
    let buyer = Buyer { shop: &shop, number: 1 };
    let address = buyer.lives_somewhere().await;
    let (product, rx) = buyer.wanted("metformin hydrochloride 500 mg rx", Rx::Approved).await;
    let rx = rx.unwrap();
    shop.change_rx(rx, |rx| rx.lines.push(rx.lines[0].clone())).await;
    let answer = buyer.refills(rx, &address, "all").await;
    assert_eq!((answer.status, answer.body["items"].as_array().map(Vec::len)), (201, Some(1)), "{}", answer.text);
    assert_eq!(answer.body["items"][0]["product_id"], product.to_string());
}

#[tokio::test]
async fn no_dangerous_refill_passes() {
    let shop = Shop::open().await;
    let mut passed = Vec::new();
    let mut refilled = 0;
    for (buyer, pair) in (100..).zip(lines(DANGEROUS)) {
        // What needs a prescription is refilled after the other was bought.
        let Some(refill) = pair[..2].iter().find(|text| text.ends_with(" rx")) else { continue };
        let other = if *refill == pair[0] { pair[1] } else { pair[0] };
        let buyer = Buyer { shop: &shop, number: buyer };
        let address = buyer.lives_somewhere().await;
        let before = buyer.wanted(other, Rx::Approved).await;
        assert_eq!(buyer.orders(&[before]).await.status, 201, "{other}");
        let (_, rx) = buyer.wanted(refill, Rx::Approved).await;
        let order = buyer.refills(rx.unwrap(), &address, "refill").await;
        refilled += 1;
        if let Err(why) = is_stopped(&shop, buyer.number, &order).await {
            passed.push(format!("{refill} after {other}: {why}"));
        }
    }
    assert!(refilled >= 60 && passed.is_empty(), "{refilled} {passed:#?}");
}

#[tokio::test]
async fn no_harmless_refill_is_held() {
    let shop = Shop::open().await;
    let mut held = Vec::new();
    let mut refilled = 0;
    for (buyer, order) in (100..).zip(lines(HARMLESS)) {
        // What needs a prescription is refilled after all else was bought.
        let Some(refill) = order.iter().find(|text| text.ends_with(" rx")) else { continue };
        let buyer = Buyer { shop: &shop, number: buyer };
        let address = buyer.lives_somewhere().await;
        let mut before = Vec::new();
        for other in order.iter().filter(|text| *text != refill) {
            before.push(buyer.wanted(other, Rx::Approved).await);
        }
        if !before.is_empty() {
            assert_eq!(buyer.orders(&before).await.status, 201, "{order:?}");
        }
        let (_, rx) = buyer.wanted(refill, Rx::Approved).await;
        let placed = buyer.refills(rx.unwrap(), &address, "refill").await;
        refilled += 1;
        if placed.status != 201 || placed.body["holds"] != json!([]) {
            held.push(format!("{refill} of {order:?}: {}", placed.text));
        }
    }
    assert!(refilled >= 30 && held.is_empty(), "{refilled} {held:#?}");
}

#[tokio::test]
async fn what_is_for_different_people_is_screened_for_each_of_them() {
    let shop = Shop::open().await;
    let buyer = Buyer { shop: &shop, number: 1 };
    let add = registry::ENDPOINTS.iter().find(|one| one.name() == "patients-add").unwrap().endpoint;
    let mira =
        json!({"full_name": "Mira Rai", "date_of_birth": "2019-03-04", "sex": "female", "relationship": "child"});
    let mira = shop.as_customer(1, add, ("POST", "/v1/patients"), &[], &[], Some(mira)).await;
    assert_eq!(mira.status, 201, "{}", mira.text);
    let mira = mira.body["id"].as_str().unwrap();
    // Warfarin for the one and ibuprofen for the other: nobody takes both.
    let (warfarin, rx) = buyer.wanted("warfarin sodium 5 mg rx", Rx::Approved).await;
    let ibuprofen = shop.product_with(&described("ibuprofen 200 mg"), 100, 9).await;
    shop.put(1, warfarin, 1).await;
    assert_eq!(shop.put_for(1, ibuprofen, mira).await.status, 200);
    let order = shop.order(1, "apart", &[rx.unwrap()]).await;
    assert_eq!((order.status, &order.body["holds"]), (201, &json!([])), "{}", order.text);
    for to in ["verified", "packed"] {
        assert_eq!(shop.transition(id(&order), to).await.status, 200);
    }
    // Another day the same for the one who takes warfarin is held, and aspirin for the child refused.
    shop.world.clock.advance(Duration::from_millis(1));
    let for_owner = shop.product_with(&described("ibuprofen 400 mg"), 100, 9).await;
    shop.put(1, for_owner, 1).await;
    let held = shop.order(1, "owner", &[]).await;
    assert_eq!((held.status, screening_holds(&held.body).len()), (201, 1), "{}", held.text);
    shop.world.clock.advance(Duration::from_millis(1));
    let aspirin = shop.product_with(&described("aspirin 81 mg"), 100, 9).await;
    assert_eq!(shop.put_for(1, aspirin, mira).await.status, 200);
    let refused = shop.order(1, "child", &[]).await;
    assert_eq!(
        (refused.status, &refused.body["problems"][0]["code"]),
        (422, &json!("contraindicated")),
        "{}",
        refused.text
    );
}

#[tokio::test]
async fn a_line_is_left_out_and_the_rest_goes_on() {
    let shop = Shop::open().await;
    let buyer = Buyer { shop: &shop, number: 1 };
    let (warfarin, rx) = buyer.wanted("warfarin sodium 5 mg rx", Rx::Approved).await;
    let ibuprofen = buyer.wanted("ibuprofen 200 mg", Rx::Approved).await;
    let order = buyer.orders(&[(warfarin, rx), ibuprofen]).await;
    let hold = screening_holds(&order.body)[0]["id"].as_str().unwrap().to_owned();
    let which = shop.resolve(8, id(&order), &hold, "remove_line").await;
    assert_eq!((which.status, which.fields()), (400, vec!["product_id"]), "{}", which.text);
    let without = json!({"decision": "remove_line", "product_id": ibuprofen.0, "reason_code": "patient_declined",
                         "reason": "They take something else."});
    let resolved = shop.resolve_with(8, id(&order), &hold, without).await;
    assert_eq!((resolved.status, &resolved.body["status"]), (200, &json!("verified")), "{}", resolved.text);
    assert_eq!((&resolved.body["holds"], resolved.body["items"].as_array().unwrap().len()), (&json!([]), 1));
    assert_eq!(shop.stock(ibuprofen.0).await, (9, 0, 0));
    assert_eq!(shop.transition(id(&order), "packed").await.status, 200);
    // What was left out is taken by nobody.
    let book = shop.world.app.orders().held_supplies(&user(1)).await.unwrap();
    assert_eq!(book[0].lines.iter().map(|line| line.product_id).collect::<Vec<_>>(), [warfarin]);
}
