//! On whose behalf products are changed.

use super::product::Product;
use crate::identity::{Caller, Permission};
use crate::platform::error::Result;
use crate::platform::ids::UserId;

/// Who manages products: all of them, or their own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Manager {
    /// The pharmacy's staff: every product.
    Staff(UserId),
    /// A seller: their own products.
    Seller(UserId),
}

impl Manager {
    /// The caller, as far as `permission` reaches for them.
    ///
    /// # Errors
    /// 403 where it does not reach at all.
    pub fn of(caller: &Caller, permission: Permission) -> Result<Self> {
        caller.require(permission)?;
        let user = caller.user.clone();
        Ok(if caller.may_all(permission) { Self::Staff(user) } else { Self::Seller(user) })
    }

    /// Who it is.
    pub fn user(&self) -> &UserId {
        match self {
            Self::Staff(user) | Self::Seller(user) => user,
        }
    }

    /// Whose a product is that this manager creates; `None` is the pharmacy's.
    pub fn seller_id(&self) -> Option<UserId> {
        match self {
            Self::Staff(_) => None,
            Self::Seller(user) => Some(user.clone()),
        }
    }

    /// Whether products of this seller are theirs to manage.
    pub fn manages(&self, seller: Option<&UserId>) -> bool {
        match self {
            Self::Staff(_) => true,
            Self::Seller(user) => seller == Some(user),
        }
    }

    /// Whether this product is theirs to manage.
    pub fn manages_product(&self, product: &Product) -> bool {
        self.manages(product.seller_id.as_ref())
    }

    /// Whether they may put medicines on sale: the pharmacy vouches for what is sold, so its staff alone may.
    pub const fn may_approve(&self) -> bool {
        matches!(self, Self::Staff(_))
    }
}
