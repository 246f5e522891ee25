//! What many products have in common, kept once.

use std::collections::HashSet;
use std::hash::Hash;
use std::sync::Arc;

/// Values that are shared.
#[derive(Debug)]
pub(super) struct Pool<T: ?Sized>(HashSet<Arc<T>>);

impl<T: ?Sized> Default for Pool<T> {
    fn default() -> Self {
        Self(HashSet::new())
    }
}

impl<T: ?Sized> Clone for Pool<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T: ?Sized + Eq + Hash> Pool<T> {
    /// The one that is kept of all that equal `value`.
    pub(super) fn share(&mut self, value: Arc<T>) -> Arc<T> {
        match self.0.get(&value) {
            Some(kept) => Arc::clone(kept),
            None => {
                self.0.insert(Arc::clone(&value));
                value
            }
        }
    }

    /// Forgets what nobody else has any more.
    pub(super) fn sweep(&mut self) {
        self.0.retain(|value| Arc::strong_count(value) > 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equals_are_one_until_nobody_has_them() {
        let mut pool = Pool::<str>::default();
        let (one, two) = (pool.share("tablet".into()), pool.share("tablet".into()));
        assert!(Arc::ptr_eq(&one, &two));
        drop((one, two));
        let cream = pool.share("cream".into());
        pool.sweep();
        assert_eq!(pool.0.iter().collect::<Vec<_>>(), [&cream]);
    }
}
