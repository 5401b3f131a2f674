//! Values that are shared and not copied.

use std::ops::Deref;
use std::rc::Rc;

/// A shared value that is equal to itself alone: whether two maps are alike takes longer to find out than to draw one again.
#[derive(Debug)]
pub struct Shared<T>(Rc<T>);

impl<T> From<T> for Shared<T> {
    fn from(value: T) -> Self {
        Self(Rc::new(value))
    }
}

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> PartialEq for Shared<T> {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl<T> Deref for Shared<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shared_value_is_equal_to_itself_alone() {
        let (a, b) = (Shared::from(f32::NAN), Shared::from(f32::NAN));
        assert!(a == a.clone() && a != b);
    }
}
