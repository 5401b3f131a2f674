//! Mean of several images' maps: where the heat of a class lies as a rule.

use crate::image::Plane;

/// Mean of the normalised maps of one layer; a blank map counts as one without heat.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MeanMap {
    size: (usize, usize),
    sums: Vec<f64>,
    count: usize,
}

impl MeanMap {
    /// Adds a map; one of another size than the first is brought to that.
    pub fn add(&mut self, map: &Plane) {
        if self.count == 0 {
            self.size = (map.width, map.height);
            self.sums = vec![0.0; map.values.len()];
        }
        let (width, height) = self.size;
        let fitted = ((map.width, map.height) != self.size).then(|| map.resize(width, height));
        let values = &fitted.as_ref().unwrap_or(map).values;
        self.sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += f64::from(*value));
        self.count += 1;
    }

    /// Maps that have been added.
    pub fn count(&self) -> usize {
        self.count
    }

    /// The mean; none of no maps.
    pub fn plane(&self) -> Option<Plane> {
        let (width, height) = self.size;
        let mean = |sum: &f64| (sum / self.count as f64) as f32;
        (self.count > 0).then(|| Plane::new(width, height, self.sums.iter().map(mean).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mean_is_of_each_place() {
        let mut mean = MeanMap::default();
        assert_eq!(mean.plane(), None);
        mean.add(&Plane::new(2, 1, vec![1.0, 0.0]));
        mean.add(&Plane::new(2, 1, vec![0.5, 0.0]));
        mean.add(&Plane::new(1, 1, vec![0.75]));
        assert_eq!((mean.count(), mean.plane()), (3, Some(Plane::new(2, 1, vec![0.75, 0.25]))));
    }
}
