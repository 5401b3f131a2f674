//! From the numbers of a map to the map that a library hands out, and to what it draws.

use super::{Convention, Size};
use crate::explain::{AttributionMap, Blank, Normalisation};
use crate::image::{Enlargement, Plane};

impl Convention {
    /// The map at the layer's size, rectified and scaled where that comes before it is enlarged. All zero where some number is not
    /// finite.
    fn at_layer(&self, map: &AttributionMap) -> Plane {
        let Plane { width, height, values } = &map.signed;
        let rectify = |&value: &f32| if self.rectifies { value.max(0.0) } else { value };
        let kept = |value: &f32| if map.blank == Some(Blank::NotFinite) { 0.0 } else { rectify(value) };
        self.ranges.layer.apply(Plane::new(*width, *height, values.iter().map(kept).collect()))
    }

    /// The map as the library hands it out, `[height, width]`.
    pub fn finish(&self, map: &AttributionMap, [width, height]: [usize; 2]) -> Plane {
        self.ranges.enlarged.apply(self.at_layer(map).enlarge(self.enlargement, width, height))
    }

    /// The map as the library draws it, `[height, width]`: 0 to 1, or -1 to 1 where what speaks against the class is left in. A
    /// cubic enlargement may leave that range by a little.
    pub fn show(&self, map: &AttributionMap, size: [usize; 2]) -> Plane {
        self.ranges.drawn.apply(self.finish(map, size))
    }

    /// Whether maps are rectified, scaled and enlarged as in another convention.
    pub fn finishes_as(&self, other: &Self) -> bool {
        let of = |convention: &Self| (convention.rectifies, convention.ranges, convention.enlargement);
        of(self) == of(other)
    }

    /// Numbers that are drawn over a part of an image of `part` pixels, and how they are enlarged to it. A large image's map is never whole in
    /// memory, unless it is scaled by its own largest number.
    pub(crate) fn drawn(&self, map: &AttributionMap, part: [usize; 2], input: [usize; 2]) -> (Plane, Enlargement) {
        let at_layer_alone = [self.ranges.enlarged, self.ranges.drawn] == [Normalisation::None; 2];
        match self.size {
            Size::Image if at_layer_alone => (self.at_layer(map), self.enlargement),
            Size::Image => (self.show(map, part), Enlargement::Bilinear),
            Size::Input => (self.show(map, input), Enlargement::Bilinear),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explain::{Evidence, Score};

    fn map(values: &[f32]) -> AttributionMap {
        AttributionMap::new("layer".into(), [values.len(), 1], values.to_vec(), Evidence::Weights(&[1.0]), Score::Logit)
    }

    #[test]
    fn every_convention_finishes_every_map_without_numbers_that_are_none() {
        let maps = [&[-1.0, -2.0][..], &[0.0, 0.0], &[f32::NAN, 1.0], &[3.0], &[1.0, -2.0, 5.0]].map(map);
        for convention in Convention::ALL {
            for map in &maps {
                let shown = convention.show(map, [7, 3]);
                assert!(shown.values.iter().all(|value| value.is_finite()), "{}: {shown:?}", convention.name);
                assert!(shown.max() <= 1.2 && shown.min() >= -1.2, "{}: {shown:?}", convention.name);
            }
            assert_eq!(convention.show(&maps[2], [3, 1]).values, [0.0; 3], "{}", convention.name);
        }
    }

    #[test]
    fn the_papers_map_is_the_normalised_one_and_captums_keeps_its_sign() {
        let map = map(&[-2.0, 1.0, 4.0]);
        assert_eq!(Convention::PAPER.finish(&map, [3, 1]), map.normalised);
        assert_eq!(Convention::CAPTUM.finish(&map, [3, 1]), map.signed);
        assert_eq!(Convention::CAPTUM.show(&map, [3, 1]).values, [-0.5, 0.25, 1.0]);
    }

    #[test]
    fn a_map_that_is_scaled_once_enlarged_is_drawn_at_its_final_size() {
        let map = map(&[0.0, 4.0]);
        let changed = Convention { ranges: Convention::TF_KERAS_VIS.ranges, ..Convention::PAPER };
        assert_eq!(changed.drawn(&map, [4, 1], [2, 1]).0, changed.show(&map, [4, 1]));
        assert_eq!(Convention::PAPER.drawn(&map, [4, 1], [2, 1]).0, map.normalised);
        let input = Convention::PYTORCH_GRAD_CAM.drawn(&map, [400, 100], [5, 3]);
        assert_eq!((input.0.width, input.0.height, input.1), (5, 3, Enlargement::Bilinear));
    }
}
