//! Position and concentration of a map's weight, for words.

use crate::image::Plane;

/// Position and concentration of a map's weight.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Extent {
    /// The third of the height that holds the centre of mass: 0 at the top to 2 at the bottom.
    pub row: usize,
    /// The third of the width that holds it: 0 at the left to 2 at the right.
    pub column: usize,
    /// The smallest share of the map's cells that holds half of its weight, 0 to 1: small where the heat is concentrated,
    /// 0.5 where it is even.
    pub half: f32,
}

impl Extent {
    /// Extent of a map `[h, w]` without negative numbers; `None` where nothing is positive or some number is not finite.
    pub fn of(map: &Plane) -> Option<Self> {
        let Plane { width, height, values } = map;
        let total: f64 = values.iter().map(|&value| f64::from(value)).sum();
        if total <= 0.0 || !total.is_finite() {
            return None;
        }
        let mean = |place: fn(usize, usize) -> usize| {
            let moment = |(index, value): (usize, &f32)| f64::from(*value) * (place(index, *width) as f64 + 0.5);
            values.iter().enumerate().map(moment).sum::<f64>() / total
        };
        let third = |at: f64, length: usize| ((3.0 * at / length as f64) as usize).min(2);
        let mut falling = values.clone();
        falling.sort_by(|a, b| b.total_cmp(a));
        let mut weight = 0.0;
        let cells = falling.iter().take_while(|&&value| {
            let before = weight;
            weight += f64::from(value);
            before < total / 2.0
        });
        Some(Self {
            row: third(mean(|index, width| index / width), *height),
            column: third(mean(|index, width| index % width), *width),
            half: cells.count() as f32 / values.len() as f32,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weight_is_placed_by_thirds_and_measured_by_its_better_half() {
        let mut values = vec![0.0; 12];
        values[3] = 1.0;
        let corner = Extent::of(&Plane::new(4, 3, values));
        assert_eq!(corner, Some(Extent { row: 0, column: 2, half: 1.0 / 12.0 }));
        let even = Extent::of(&Plane::new(4, 2, vec![0.5; 8]));
        assert_eq!(even, Some(Extent { row: 1, column: 1, half: 0.5 }));
        for values in [vec![0.0; 4], vec![f32::NAN, 1.0, 0.0, 0.0]] {
            assert_eq!(Extent::of(&Plane::new(2, 2, values)), None);
        }
    }
}
