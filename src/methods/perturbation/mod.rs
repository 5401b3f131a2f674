//! Scores of changed images.

super::family! {
    rise,
}
