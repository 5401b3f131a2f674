//! Measures of how far a map can be trusted.

super::family! {
    deletion,
}
