//! Scores of changed images.

mod superpixels;

super::family! {
    occlusion,
    region_occlusion,
    rise,
}
