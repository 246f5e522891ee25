"""The protections of payments and of supply, each with the words that take it away. Where each is explained: docs/payments.md,
tests/tests/shop/supply_invariants.rs."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Mutation:
    """A protection that is taken away by putting `instead` in the place of `text`, which stands in `path` once. It is missed first of
    all by the test whose name holds `missed_by`, of the storms over `storm`."""

    name: str
    missed_by: str
    path: str
    text: str
    instead: str
    storm: str = "payments"


_PAYMENTS = "shared/src/payments"
_CATALOG = "shared/src/catalog"
_OVER_EVERYTHING = "a_storm_over_everything_that_moves_units"

MUTATIONS = (
    Mutation(
        "version", "in_a_storm_of_many_at_once",
        "shared/src/orders/store.rs",
        "self.table.replace(Self::order_item(&next)?, unchanged_since(changed.version))",
        'self.table.replace(Self::order_item(&next)?, Expression::new("attribute_exists(pk)"))'),
    Mutation(
        "write-ahead", "a_storm_over_bkash_leaves_everything",
        "shared/src/orders/acting.rs",
        "let Some(order) = self.save(order, next, through).await? else { return Ok(()) };\n        self.send(&order, &op, through).await",
        "self.send(&next, &op, through).await"),
    Mutation(
        "sum", "in_a_storm_of_wrong_sums",
        f"{_PAYMENTS}/bkash/answer.rs",
        "                && amount == expected.amount\n", ""),
    Mutation(
        "stripe-sum", "in_a_storm_of_wrong_sums",
        f"{_PAYMENTS}/stripe/answer.rs",
        "let right = self.id == expected.reference\n            && self.amount == expected.amount\n",
        "let right = self.id == expected.reference\n            || self.amount == expected.amount\n"),
    Mutation(
        "paypal-sum", "in_a_storm_of_wrong_sums",
        f"{_PAYMENTS}/paypal/answer.rs",
        "amount.minor(currency) == Some(expected.amount);", "amount.minor(currency).is_some();"),
    Mutation(
        "esewa-sum", "in_a_storm_in_which_esewa_takes_another_sum",
        f"{_PAYMENTS}/esewa/answer.rs",
        "right: named && (!paid || total == expected.amount),", "right: named,"),
    Mutation(
        "reference", "in_a_storm_another_orders_payment",
        f"{_PAYMENTS}/stripe/answer.rs",
        "            && self.metadata.order.as_deref() == Some(expected.order)\n"
        "            && self.metadata.payment.as_deref() == Some(expected.payment)\n", ""),
    Mutation(
        "ask-first", "in_a_storm_that_loses_every_event",
        f"{_PAYMENTS}/plan.rs",
        "        if open.seen.asked_at >= over {\n            let todo",
        "        if self.next_at.is_some() {\n            let todo"),
    Mutation(
        "in-time", "in_a_storm_nothing_is_accepted_too_late",
        f"{_PAYMENTS}/plan.rs",
        "self.goal == Goal::Await && now < self.pay_by && !self.is_free()\n",
        "self.goal == Goal::Await || now >= self.pay_by\n"),
    Mutation(
        "called-off", "in_a_storm_what_was_called_off",
        f"{_PAYMENTS}/unwanted.rs",
        "OpKind::Capture => self.goal == Goal::GiveBack,",
        "OpKind::Capture => self.goal == Goal::GiveBack && self.goal == Goal::Await,"),
    Mutation(
        "stripe-signature", "in_a_storm_of_stale_and_forged",
        f"{_PAYMENTS}/stripe/signature.rs",
        "matches.fold(false, |any, this| any | this)", "matches.fold(true, |any, this| any | this)"),
    Mutation(
        "paypal-signature", "in_a_storm_of_stale_and_forged",
        f"{_PAYMENTS}/paypal/certificate.rs",
        "if signer.verify_signature(rsa, text, signature).is_ok() { Verdict::Good } else { Verdict::Bad }",
        "if signer.verify_signature(rsa, text, signature).is_ok() { Verdict::Good } else { Verdict::Good }"),
    Mutation(
        "bkash-signature", "in_a_storm_of_stale_and_forged",
        f"{_PAYMENTS}/bkash/signature.rs",
        "UnparsedPublicKey::new(algorithm, key).verify(notice.text().as_bytes(), &signature).is_ok()",
        "UnparsedPublicKey::new(algorithm, key).verify(notice.text().as_bytes(), &signature).is_ok() || !key.is_empty()"),
    Mutation(
        "five-minutes", "in_a_storm_of_stale_and_forged",
        f"{_PAYMENTS}/stripe/signature.rs",
        "const TOLERANCE_SECONDS: u64 = 300;", "const TOLERANCE_SECONDS: u64 = 3000;"),
    Mutation(
        "paypal-five-minutes", "in_a_storm_of_stale_and_forged",
        f"{_PAYMENTS}/paypal/signature.rs",
        "const TOLERANCE_SECONDS: u64 = 300;", "const TOLERANCE_SECONDS: u64 = 3000;"),
    Mutation(
        "sns-five-minutes", "in_a_storm_of_stale_and_forged",
        f"{_PAYMENTS}/bkash/notice.rs",
        "const TOLERANCE_SECONDS: u64 = 300;", "const TOLERANCE_SECONDS: u64 = 3000;"),
    Mutation(
        "made-up", "in_a_storm_of_events_by_made_up_certificates",
        f"{_PAYMENTS}/shown.rs",
        "const ASKED_A_MINUTE: usize = 3;", "const ASKED_A_MINUTE: usize = 3000;"),
    Mutation(
        "look-first", "every_fault_of_bkash",
        f"{_PAYMENTS}/bkash/client.rs",
        "if op.again && before.returned + before.returning - expected.returned >= op.amount {",
        "if op.again && before.returned + before.returning - expected.returned >= op.amount && op.amount == 0 {"),
    Mutation(
        "key", "every_fault_of_the_provider",
        f"{_PAYMENTS}/online.rs",
        'format!("{}:{kind}:{n}", self.id)', 'format!("{}:{kind}:{n}:{}", self.id, crate::platform::crypto::random_token::<6>())'),
    Mutation(
        "number", "every_fault_of_the_provider",
        f"{_PAYMENTS}/plan.rs",
        "        if op.answered {\n            let Op", "        if op.answered && op.n == 0 {\n            let Op"),
    Mutation(
        "forward", "every_fault_of_the_provider",
        f"{_PAYMENTS}/attempt.rs",
        "let (phase, taken) = (self.phase.max(other.phase), self.taken.max(other.taken));",
        "let (phase, taken) = (other.phase, other.taken);"),
    Mutation(
        "refundable", "in_a_storm_no_more_is_asked_back",
        f"{_PAYMENTS}/online.rs",
        "let gone = (attempt.seen.returned + attempt.seen.returning + unsent).max(asked + beside);",
        "let gone = (attempt.seen.returned + attempt.seen.returning + unsent * 0).max((asked + beside) * 0);"),
    Mutation(
        "supply-version", _OVER_EVERYTHING,
        "shared/src/orders/store.rs",
        "self.table.replace(Self::order_item(&next)?, unchanged_since(changed.version))",
        'self.table.replace(Self::order_item(&next)?, Expression::new("attribute_exists(pk)"))', "supply"),
    Mutation(
        "delivered-once", _OVER_EVERYTHING,
        f"{_CATALOG}/lots/receiving.rs",
        "let mut actions = vec![attempt.take(&self.table, now)?];", "let mut actions = Vec::new();", "supply"),
    Mutation(
        "adjusted-once", _OVER_EVERYTHING,
        f"{_CATALOG}/stock_adjustments.rs",
        "(None, vec![attempt.take(&self.table, now)?, write])", "(None, vec![write])", "supply"),
    Mutation(
        "destroyed-once", _OVER_EVERYTHING,
        f"{_CATALOG}/disposal_store.rs",
        'Expression::new("#status = :waits")', 'Expression::new("#status = :waits OR attribute_exists(pk)")', "supply"),
    Mutation(
        "registered", _OVER_EVERYTHING,
        f"{_CATALOG}/movement_store.rs",
        "if schedule::is_registered(self.place, &stock.offer) {",
        "if schedule::is_registered(self.place, &stock.offer) && seq == 0 {", "supply"),
    Mutation(
        "out-of-sale", _OVER_EVERYTHING,
        f"{_CATALOG}/lots/units_store.rs",
        'change.add("available", after.sellable() - read.sellable());',
        'change.add("available", (after.sellable() - read.sellable()) * 0);', "supply"),
)
