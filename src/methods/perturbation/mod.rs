//! Scores of changed images.

super::family! {
    occlusion,
    rise,
}
