//! Codes of one use that are sent to an address or number.

pub(super) mod code;
pub(super) mod code_reset;
pub(super) mod one_time_code;
