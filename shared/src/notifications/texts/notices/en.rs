//! English.

use super::Said;
use crate::notifications::notice::NoticeTexts;

pub(super) const TEXTS: NoticeTexts = NoticeTexts {
    see: "See more, after signing in:",
    stop: "To get no more of these mails:",
    tracking: "Your parcel:",
    device: "Signed in with:",
    order_placed: Said {
        title: "We have your order",
        text: "We have your order {value} and will tell you when it is on its way.",
    },
    order_held: Said {
        title: "Your order waits for a pharmacist",
        text: "Your order {value} waits until a pharmacist has looked at what came with it. You need not do anything.",
    },
    order_verified: Said {
        title: "A pharmacist has checked your order",
        text: "A pharmacist has checked your order {value}. It is packed next.",
    },
    order_packed: Said {
        title: "Your order is packed",
        text: "Your order {value} is packed and leaves the house soon.",
    },
    order_shipped: Said {
        title: "Your order is on its way",
        text: "Your order {value} is on its way to you.",
    },
    order_delivered: Said {
        title: "Your order was delivered",
        text: "Your order {value} was delivered. If it is not with you, tell us.",
    },
    order_cancelled: Said {
        title: "Your order was cancelled",
        text: "Your order {value} was cancelled. What you have paid for it goes back to you by itself.",
    },
    order_released: Said {
        title: "Your order was cancelled",
        text: "Your order {value} was cancelled: nothing that came with it covers it any more. You pay nothing; you can order again.",
    },
    order_returned: Said {
        title: "Your order came back to us",
        text: "Your order {value} came back to us.",
    },
    return_approved: Said {
        title: "Your return was approved",
        text: "What you returned of your order {value} has arrived and was approved. If money goes back to you, your order says how much.",
    },
    return_rejected: Said {
        title: "Your return was rejected",
        text: "What you wanted to return of your order {value} cannot be taken back. Your order says why.",
    },
    order_recalled: Said {
        title: "Important: please look at what you got from us",
        text: "Something in your order {value} was called back. Sign in now and read which packs are meant, in all your orders; ask a pharmacist before you use it.",
    },
    payment_captured: Said {
        title: "We have your payment",
        text: "We have your payment for order {value}. Thank you.",
    },
    payment_failed: Said {
        title: "Your payment did not go through",
        text: "The payment of your order {value} did not go through. Sign in and pay again, or the order is cancelled.",
    },
    refund_made: Said {
        title: "Money is on its way back to you",
        text: "We have given money back to you for order {value}. What goes through a bank may take some days to show.",
    },
    prescription_received: Said {
        title: "We have your document",
        text: "Your document has arrived. A pharmacist looks at it next.",
    },
    prescription_refused: Said {
        title: "Your document could not be read",
        text: "The file that you sent could not be taken. Sign in to see why, and send it again.",
    },
    prescription_approved: Said {
        title: "A pharmacist has answered",
        text: "A pharmacist has looked at your document and approved it. Sign in to see what you can order.",
    },
    prescription_rejected: Said {
        title: "A pharmacist has answered: please look",
        text: "A pharmacist has looked at your document and could not approve it. Sign in to see why.",
    },
    prescription_expiring: Said {
        title: "A document of yours runs out soon",
        text: "A document that you gave us runs out within a week. Sign in to see what you can still order on it.",
    },
    refill_due: Said {
        title: "It is nearly time to order again",
        text: "You can soon order again what you had before. Sign in to see when.",
    },
    cart_waiting: Said {
        title: "Your cart is still here",
        text: "What you put into your cart yesterday is still there, if you want it. Prices and stock may change.",
    },
    consultation_assigned: Said {
        title: "Your question has reached somebody",
        text: "Somebody of ours has taken your question and will write to you.",
    },
    consultation_given: Said {
        title: "A consultation was given to you",
        text: "A consultation was given to you. Sign in to read it.",
    },
    new_message: Said {
        title: "You have a new message",
        text: "You have a new message. Sign in to read it.",
    },
    urgent_message: Said {
        title: "A message needs you at once",
        text: "A patient has written what may be an emergency. Sign in and see to it at once.",
    },
    consultation_closed: Said {
        title: "Your consultation was closed",
        text: "Your consultation was closed. Sign in to read what was written.",
    },
    price_dropped: Said {
        title: "Something you watch costs less",
        text: "Something that you watch costs less than you wait for. Sign in to see what.",
    },
    back_in_stock: Said {
        title: "Something you watch is back",
        text: "Something that you watch can be had again. Sign in to see what.",
    },
    queue_growing: Said {
        title: "Prescriptions wait for a review",
        text: "{value} prescriptions have waited for a review for more than four hours.",
    },
    consultations_waiting: Said {
        title: "Consultations wait for a doctor",
        text: "{value} consultations have waited for a doctor for more than four hours.",
    },
    payment_unresolved: Said {
        title: "A payment needs somebody",
        text: "The payment of order {value} does not end by itself. Look at it at the provider, and decide.",
    },
    chargeback: Said {
        title: "A payment is disputed",
        text: "The payer of order {value} disputes the payment. The provider asks for an answer within days.",
    },
    new_device: Said {
        title: "A new sign-in to your account",
        text: "Your account was signed in to with a device that we did not know. If it was not you, set a new password now: that ends all sessions.",
    },
};
