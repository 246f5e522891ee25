//! Cash that goes back: the staff asks for it, somebody pays it out by hand, and says so.

use super::payment::{Payment, PaymentStatus};
use super::refund::{Closed, MAX_REFUNDS, NotRefundable, Refund, RefundState};
use crate::platform::clock::Timestamp;
use crate::platform::ids::{RefundId, UserId};

/// Cash is paid in one go, at the door, and in no attempt.
const NO_ATTEMPT: u32 = 0;

impl Payment {
    /// What was asked back, in cash or online, the first at the front.
    pub fn refunds(&self) -> &[Refund] {
        match &self.online {
            Some(online) => &online.refunds,
            None => &self.refunds,
        }
    }

    /// The same, to be changed.
    pub fn refunds_mut(&mut self) -> &mut [Refund] {
        match &mut self.online {
            Some(online) => &mut online.refunds,
            None => &mut self.refunds,
        }
    }

    /// Whether cash was handed over at the door.
    pub fn is_paid_in_cash(&self) -> bool {
        self.online.is_none() && matches!(self.status, PaymentStatus::Captured | PaymentStatus::Refunded)
    }

    /// What of cash was paid out on the staff's word, in minor units.
    pub fn paid_out(&self) -> i64 {
        self.sum_in_cash(|refund| refund.state == RefundState::Succeeded)
    }

    /// What of cash was paid out or is to be, in minor units.
    pub fn asked_in_cash(&self) -> i64 {
        self.sum_in_cash(Refund::counts)
    }

    fn sum_in_cash(&self, counts: impl Fn(&Refund) -> bool) -> i64 {
        let all = if self.online.is_none() { self.refunds.as_slice() } else { &[] };
        all.iter().filter(|refund| counts(refund)).map(|refund| refund.amount).sum()
    }

    /// Asks for `amount` of the cash that was paid to be paid out by hand, in minor units; for all that is `left` where it is not
    /// said.
    ///
    /// # Errors
    /// Why it cannot.
    pub fn ask_in_cash(
        &mut self,
        (amount, left): (Option<i64>, i64),
        reason: String,
        by: &UserId,
        now: Timestamp,
    ) -> Result<Refund, NotRefundable> {
        if !self.is_paid_in_cash() {
            return Err(NotRefundable::NotCaptured);
        }
        let amount = amount.unwrap_or(left);
        if amount <= 0 || amount > left {
            return Err(NotRefundable::TooLarge { refundable: left });
        }
        if self.refunds.len() >= MAX_REFUNDS {
            return Err(NotRefundable::TooMany);
        }
        let asked = Refund::new(NO_ATTEMPT, amount, RefundState::Manual, now);
        let refund = Refund { reason: Some(reason), by: Some(by.clone()), ..asked };
        self.refunds.push(refund.clone());
        Ok(refund)
    }

    /// Notes that cash was paid out by hand, under `reference`; whether it was to be.
    pub fn close_in_cash(&mut self, id: RefundId, reference: &str, closed: Closed) -> bool {
        let found = self.refunds.iter_mut().find(|refund| refund.id == id);
        found.is_some_and(|refund| refund.close(reference, closed))
    }

    /// Notes that cash that was asked back is not paid out; whether it was to be.
    pub fn take_back_in_cash(&mut self, id: RefundId, closed: Closed) -> bool {
        let cash = if self.online.is_none() { self.refunds.as_mut_slice() } else { &mut [] };
        let found = cash.iter_mut().find(|refund| refund.id == id);
        found.is_some_and(|refund| refund.take_back(closed))
    }

    /// Notes that all the cash has gone back.
    pub fn all_paid_out(&mut self) {
        if self.is_paid_in_cash() {
            self.status = PaymentStatus::Refunded;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payments::PaymentMethod;
    use crate::platform::money::{Currency, Money};

    const NOW: Timestamp = Timestamp::from_millis(1);

    fn cash() -> Payment {
        Payment::new(PaymentMethod::Cod, Money::new(1000, Currency::parse("USD").unwrap()), NOW)
    }

    fn ask(payment: &mut Payment, amount: Option<i64>, left: i64) -> Result<Refund, NotRefundable> {
        payment.ask_in_cash((amount, left), "broken".to_owned(), &UserId::nobody(), NOW)
    }

    fn close(payment: &mut Payment, refund: &Refund, reference: &str) -> bool {
        let closed = Closed { by: UserId::nobody(), at: NOW, note: Some("at the counter".to_owned()) };
        payment.close_in_cash(refund.id, reference, closed)
    }

    #[test]
    fn cash_that_was_not_paid_does_not_go_back() {
        let mut payment = cash();
        assert_eq!(ask(&mut payment, None, 1000), Err(NotRefundable::NotCaptured));
        payment.all_paid_out();
        assert_eq!(payment.status(), PaymentStatus::Pending);
    }

    #[test]
    fn what_is_asked_for_is_paid_out_once() {
        let mut payment = cash().delivered();
        assert_eq!(ask(&mut payment, Some(0), 1000), Err(NotRefundable::TooLarge { refundable: 1000 }));
        assert_eq!(ask(&mut payment, Some(1001), 1000), Err(NotRefundable::TooLarge { refundable: 1000 }));
        let refund = ask(&mut payment, Some(400), 1000).unwrap();
        assert_eq!((refund.state, payment.asked_in_cash(), payment.paid_out()), (RefundState::Manual, 400, 0));
        assert!(close(&mut payment, &refund, "17"));
        assert!(!close(&mut payment, &refund, "18"), "it is closed");
        let closed = payment.refunds().first().unwrap();
        assert_eq!((closed.state, closed.reference.as_deref()), (RefundState::Succeeded, Some("17")));
        assert_eq!(closed.closed.as_ref().and_then(|closed| closed.note.as_deref()), Some("at the counter"));
        assert_eq!((payment.asked_in_cash(), payment.paid_out()), (400, 400));
    }

    #[test]
    fn what_was_asked_for_by_mistake_is_not_paid_out_and_counts_no_more() {
        let mut payment = cash().delivered();
        let refund = ask(&mut payment, Some(400), 1000).unwrap();
        let closed = Closed { by: UserId::nobody(), at: NOW, note: None };
        assert!(payment.take_back_in_cash(refund.id, closed.clone()));
        let kept = payment.refunds().first().unwrap();
        assert_eq!((kept.state, kept.reference.as_ref(), kept.closed.is_some()), (RefundState::Failed, None, true));
        assert_eq!((payment.asked_in_cash(), payment.paid_out()), (0, 0));
        assert!(!payment.take_back_in_cash(refund.id, closed.clone()) && !close(&mut payment, &refund, "17"));
        let paid = ask(&mut payment, Some(1000), 1000).unwrap();
        assert!(close(&mut payment, &paid, "18") && !payment.take_back_in_cash(paid.id, closed), "it was paid out");
    }

    #[test]
    fn refunds_of_cash_are_bounded() {
        let mut payment = cash().delivered();
        for _ in 0..MAX_REFUNDS {
            ask(&mut payment, Some(1), 1000).unwrap();
        }
        assert_eq!(ask(&mut payment, Some(1), 1000), Err(NotRefundable::TooMany));
    }

    #[test]
    fn what_is_stored_is_read_again() {
        let mut payment = cash().delivered();
        let refund = ask(&mut payment, None, 1000).unwrap();
        close(&mut payment, &refund, "17");
        let stored = serde_json::to_value(&payment).unwrap();
        assert_eq!(serde_json::from_value::<Payment>(stored).unwrap(), payment);
    }
}
