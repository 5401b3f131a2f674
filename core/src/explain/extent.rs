//! Position and concentration of a map's weight, for words.

use crate::image::Plane;

/// The least share of a region's weight in one part of an image, or in two, for the region to be said to lie there.
const MOST: f64 = 0.75;
/// The largest distance of a compact region's cells from their centre of mass, root mean square, in widths and heights of the map.
const COMPACT: f64 = 0.2;
/// The largest difference of an even map's numbers, as a share of the largest.
const EVEN: f32 = 1e-3;

/// One of nine parts of a map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The third of the height: 0 at the top to 2 at the bottom.
    pub row: usize,
    /// The third of the width: 0 at the left to 2 at the right.
    pub column: usize,
}

/// Parts that a region of a map lies in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spread {
    /// One part: three quarters of its weight lie there, or all of it lies close together, with its centre of mass there.
    One(Place),
    /// Two parts, which hold three quarters of its weight, the heavier one first.
    Two(Place, Place),
    /// More than two.
    Many,
}

/// Position and concentration of a map's weight: its peak, and the smallest region that holds half of its weight.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Extent {
    /// Place of the largest number; none where the map is even.
    pub peak: Option<Place>,
    /// The smallest share of the map's cells that holds half of its weight, 0 to 1: small where the heat is concentrated,
    /// 0.5 where it is even.
    pub half: f32,
    /// Parts that those cells lie in.
    pub spread: Spread,
}

impl Place {
    /// The part in which a point lies, which is given in shares of the width and the height.
    fn of([across, down]: [f64; 2]) -> Self {
        let third = |at: f64| ((3.0 * at) as usize).min(2);
        Self { row: third(down), column: third(across) }
    }
}

impl Extent {
    /// Extent of a map `[h, w]` without negative numbers; `None` where nothing is positive or some number is not finite.
    pub fn of(map: &Plane) -> Option<Self> {
        let values = &map.values;
        let total: f64 = values.iter().map(|&value| f64::from(value)).sum();
        if total <= 0.0 || !total.is_finite() {
            return None;
        }
        let (least, most) = (map.min(), map.max());
        let peak = values.iter().position(|value| *value == most).filter(|_| most - least > EVEN * most);
        let (half, region) = half(values, total);
        Some(Self {
            peak: peak.map(|index| Place::of(centre(map, index))),
            half: half as f32 / values.len() as f32,
            spread: Spread::of(map, &region),
        })
    }

    /// Extents of what is above 0 in a map `[h, w]` with its sign, and of what is below.
    pub fn of_signs(map: &Plane) -> [Option<Self>; 2] {
        [1.0, -1.0].map(|sign| {
            let side = map.values.iter().map(|value| (sign * value).max(0.0)).collect();
            Self::of(&Plane::new(map.width, map.height, side))
        })
    }
}

/// The middle of a cell, in shares of the width and the height.
fn centre(map: &Plane, index: usize) -> [f64; 2] {
    let middle = |at: usize, length: usize| (at as f64 + 0.5) / length as f64;
    [middle(index % map.width, map.width), middle(index / map.width, map.height)]
}

/// Number of the largest values that hold half of the total, and how much each of all values has in them: cells of one value share
/// what is left to them, so that none of them is preferred for its place.
fn half(values: &[f32], total: f64) -> (usize, Vec<f64>) {
    let mut falling = values.to_vec();
    falling.sort_unstable_by(|a, b| b.total_cmp(a));
    let mut weight = 0.0;
    let chosen = falling.iter().take_while(|&&value| {
        let before = weight;
        weight += f64::from(value);
        before < total / 2.0
    });
    let count = chosen.count();
    let least = falling[count.max(1) - 1];
    let number = |has: fn(f32, f32) -> bool, of: &[f32]| of.iter().filter(|value| has(**value, least)).count() as f64;
    let part = number(|one, other| one == other, &falling[..count]) / number(|one, other| one == other, values);
    let region = values.iter().map(|&value| match value {
        value if value > least => f64::from(value),
        value if value == least => f64::from(value) * part,
        _ => 0.0,
    });
    (count, region.collect())
}

impl Spread {
    /// Parts in which a region with these weights, one a cell, lies.
    fn of(map: &Plane, region: &[f64]) -> Self {
        let total: f64 = region.iter().sum();
        let mean = |what: &dyn Fn([f64; 2]) -> f64| {
            let weighed = |(index, weight): (usize, &f64)| weight * what(centre(map, index));
            region.iter().enumerate().map(weighed).sum::<f64>() / total
        };
        let middle = [0, 1].map(|axis| mean(&|at| at[axis]));
        let distance = mean(&|at| (at[0] - middle[0]).powi(2) + (at[1] - middle[1]).powi(2)).sqrt();
        if distance <= COMPACT {
            return Self::One(Place::of(middle));
        }
        let mut parts = [0.0; 9];
        for (index, weight) in region.iter().enumerate() {
            let Place { row, column } = Place::of(centre(map, index));
            parts[3 * row + column] += weight / total;
        }
        let mut order: Vec<usize> = (0..parts.len()).collect();
        order.sort_by(|&a, &b| parts[b].total_cmp(&parts[a]));
        let place = |rank: usize| Place { row: order[rank] / 3, column: order[rank] % 3 };
        match (parts[order[0]], parts[order[0]] + parts[order[1]]) {
            (one, _) if one >= MOST => Self::One(place(0)),
            (_, two) if two >= MOST => Self::Two(place(0), place(1)),
            _ => Self::Many,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIDE: usize = 9;

    fn place(row: usize, column: usize) -> Place {
        Place { row, column }
    }

    /// A map of 9 x 9 cells, of one number but for the cells `(row, column, value)`.
    fn made(elsewhere: f32, cells: &[(usize, usize, f32)]) -> Plane {
        let mut values = vec![elsewhere; SIDE * SIDE];
        cells.iter().for_each(|&(row, column, value)| values[SIDE * row + column] = value);
        Plane::new(SIDE, SIDE, values)
    }

    fn extent(elsewhere: f32, cells: &[(usize, usize, f32)]) -> Extent {
        Extent::of(&made(elsewhere, cells)).expect("something to see")
    }

    #[test]
    fn a_spot_lies_where_it_is() {
        for row in 0..3 {
            for column in 0..3 {
                let (down, across) = (4 * row, 4 * column);
                let Extent { peak, half, spread } = extent(0.0, &[(down, across, 1.0)]);
                let here = place(row, column);
                assert_eq!((peak, half, spread), (Some(here), 1.0 / 81.0, Spread::One(here)), "{row} {column}");
            }
        }
    }

    #[test]
    fn two_spots_are_two_places() {
        let Extent { peak, spread, half } = extent(0.0, &[(8, 0, 1.0), (0, 8, 0.75), (0, 7, 0.25)]);
        // The brighter one alone is half of it.
        assert_eq!((peak, spread, half), (Some(place(2, 0)), Spread::One(place(2, 0)), 1.0 / 81.0));
        let Extent { peak, spread, .. } = extent(0.0, &[(8, 0, 1.0), (7, 0, 0.5), (0, 8, 0.9), (0, 7, 0.8)]);
        assert_eq!((peak, spread), (Some(place(2, 0)), Spread::Two(place(2, 0), place(0, 2))));
        let corners = [(0, 0, 1.0), (0, 8, 0.9), (8, 0, 0.9), (8, 8, 0.9), (4, 4, 0.9)];
        assert_eq!(extent(0.0, &corners).spread, Spread::Many);
    }

    #[test]
    fn a_spot_on_the_border_of_parts_is_one() {
        // Four cells around the corner at which four of the nine parts meet.
        let Extent { spread, .. } = extent(0.0, &[(2, 2, 1.0), (2, 3, 1.0), (3, 2, 1.0), (3, 3, 1.1)]);
        assert_eq!(spread, Spread::One(place(1, 1)));
    }

    #[test]
    fn a_bright_spot_is_the_peak_of_a_faint_map() {
        // The centre of mass of all of it lies in the middle.
        let Extent { peak, half, spread } = extent(0.25, &[(7, 1, 1.0), (7, 0, 1.0), (8, 1, 1.0)]);
        assert_eq!((peak, spread), (Some(place(2, 0)), Spread::Many));
        // 22.5 in all: three cells of 1, and 33 of the other 78.
        assert_eq!(half, 36.0 / 81.0);
    }

    #[test]
    fn an_even_map_has_no_peak_and_an_empty_one_no_extent() {
        let even = Extent::of(&Plane::new(4, 2, vec![0.5; 8]));
        assert_eq!(even, Some(Extent { peak: None, half: 0.5, spread: Spread::Many }));
        assert_eq!(extent(1.0, &[(0, 0, 0.9995)]).peak, None);
        assert_eq!(extent(1.0, &[(0, 0, 1.01)]).peak, Some(place(0, 0)));
        for values in [vec![0.0; 4], vec![f32::NAN, 1.0, 0.0, 0.0]] {
            assert_eq!(Extent::of(&Plane::new(2, 2, values)), None);
        }
    }

    #[test]
    fn the_sides_of_a_signed_map_lie_apart() {
        let [above, below] = Extent::of_signs(&made(0.0, &[(0, 0, 2.0), (8, 8, -3.0)]));
        let at = |extent: Option<Extent>| extent.map(|extent| (extent.peak, extent.spread));
        assert_eq!(at(above), Some((Some(place(0, 0)), Spread::One(place(0, 0)))));
        assert_eq!(at(below), Some((Some(place(2, 2)), Spread::One(place(2, 2)))));
        let [above, below] = Extent::of_signs(&made(-1.0, &[]));
        assert_eq!((above, below.map(|extent| extent.peak)), (None, Some(None)));
    }
}
