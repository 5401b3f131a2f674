//! Small places that the heat of many maps lies in.

use serde::{Deserialize, Serialize};

use crate::explain::BoundingBox;

/// Share of the mean map's largest number that a cell of the place has at least.
const HOT: f32 = 0.5;
/// The largest share of the map that a place is.
const SMALL: f64 = 0.2;

/// Rectangle of cells of a square map.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// First row, and the one behind the last.
    pub rows: [usize; 2],
    /// First column, and the one behind the last.
    pub columns: [usize; 2],
    /// Cells along each side of the map.
    pub side: usize,
}

impl Place {
    /// The rectangle around the hot cells of maps `[side, side]`: those that are at least half as hot, on the mean, as the hottest, and hang
    /// together with it. None where it is not small, or there is no heat.
    pub fn of(maps: &[&[f32]], side: usize) -> Option<Self> {
        let total =
            |at: usize| maps.iter().map(|map| map[at] / map.iter().sum::<f32>().max(f32::MIN_POSITIVE)).sum::<f32>();
        let mean: Vec<f32> = (0..side * side).map(total).collect();
        let most = mean.iter().copied().fold(0.0, f32::max);
        let start = mean.iter().position(|&heat| heat == most && heat > 0.0)?;
        let (mut seen, mut left) = (vec![false; mean.len()], vec![start]);
        seen[start] = true;
        let mut place = Self { rows: [side, 0], columns: [side, 0], side };
        while let Some(at) = left.pop() {
            let [row, column] = [at / side, at % side];
            place.rows = [place.rows[0].min(row), place.rows[1].max(row + 1)];
            place.columns = [place.columns[0].min(column), place.columns[1].max(column + 1)];
            let beside = [
                (row > 0).then(|| at - side),
                (row + 1 < side).then(|| at + side),
                (column > 0).then(|| at - 1),
                (column + 1 < side).then(|| at + 1),
            ];
            for next in beside.into_iter().flatten() {
                if !seen[next] && mean[next] >= HOT * most {
                    seen[next] = true;
                    left.push(next);
                }
            }
        }
        (place.cells() as f64 <= SMALL * (side * side) as f64).then_some(place)
    }

    fn cells(&self) -> usize {
        (self.rows[1] - self.rows[0]) * (self.columns[1] - self.columns[0])
    }

    /// Share of a map's heat that lies there, 0 to 1.
    pub fn share(&self, map: &[f32]) -> f32 {
        let inside: f32 = (self.rows[0]..self.rows[1])
            .flat_map(|row| &map[row * self.side..][self.columns[0]..self.columns[1]])
            .sum();
        inside / map.iter().sum::<f32>().max(f32::MIN_POSITIVE)
    }

    /// The place as shares of what the network sees.
    pub fn bounding_box(&self) -> BoundingBox {
        let share = |cells: usize| cells as f64 / self.side as f64;
        BoundingBox {
            left: share(self.columns[0]),
            top: share(self.rows[0]),
            width: share(self.columns[1] - self.columns[0]),
            height: share(self.rows[1] - self.rows[0]),
        }
    }

    /// The three places of the same size that mirror it, but for those that touch it.
    pub fn mirrored(&self) -> Vec<Self> {
        let other = |[start, end]: [usize; 2]| [self.side - end, self.side - start];
        let touches = |one: [usize; 2], two: [usize; 2]| one[0] < two[1] && two[0] < one[1];
        let (rows, columns) = (other(self.rows), other(self.columns));
        let all = [(rows, self.columns), (self.rows, columns), (rows, columns)];
        let apart =
            all.into_iter().filter(|(rows, columns)| !(touches(*rows, self.rows) && touches(*columns, self.columns)));
        apart.map(|(rows, columns)| Self { rows, columns, side: self.side }).collect()
    }
}
