//! Callbacks by which components tell what a person does.

use convscope_page::Action;
use yew::Callback;

/// Hears what happens to any slice of the state.
#[derive(Clone, Debug, PartialEq)]
pub struct Dispatch(Callback<Action>);

impl From<Callback<Action>> for Dispatch {
    fn from(callback: Callback<Action>) -> Self {
        Self(callback)
    }
}

impl Dispatch {
    /// Tells what happens.
    pub fn emit(&self, action: impl Into<Action>) {
        self.0.emit(action.into());
    }

    /// A callback for an element, which says what its event means.
    pub fn reform<E: 'static, A: Into<Action>>(&self, meaning: impl Fn(E) -> A + 'static) -> Callback<E> {
        self.0.reform(move |event| meaning(event).into())
    }
}
