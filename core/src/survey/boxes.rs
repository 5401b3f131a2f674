//! Boxes around objects, which people have drawn, and how much of the heat of a map lies in them.

use std::collections::BTreeMap;

use crate::csv;
use crate::error::{Error, Result};
use crate::explain::AttributionMap;
use crate::fault;
use crate::preprocess::Region;

/// Name of the share of a map's heat that lies in the boxes (Wang et al. 2019, <https://arxiv.org/abs/1910.01279>, section 4.3).
pub const BOX_HEAT: &str = "box_heat";
/// Name of whether the hottest pixel lies in a box or near it, 1 or 0 (pointing game: Zhang et al. 2016,
/// <https://arxiv.org/abs/1608.00507>, section 5.1).
pub const BOX_HIT: &str = "box_hit";
/// Pixels of the network's input that are near enough, as in the paper.
const NEAR: f64 = 15.0;

/// Boxes around the objects of images, by the images' names in the survey.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Boxes(BTreeMap<String, Vec<Region>>);

impl Boxes {
    /// The boxes of a table of lines `PATH,X,Y,WIDTH,HEIGHT`: left and top edge, width and height in pixels of the image, as COCO gives them.
    /// An image may have several. A first line of names is left out.
    ///
    /// # Errors
    /// [`Error::Request`] where a line is none of these; `name` is the table's.
    pub fn read(table: &[u8], name: &str) -> Result<Self> {
        let mut boxes: BTreeMap<String, Vec<Region>> = BTreeMap::new();
        for (index, line) in csv::read(table).into_iter().enumerate() {
            let numbers: Vec<f32> = line.iter().skip(1).map_while(|number| number.parse().ok()).collect();
            match (&line[..], &numbers[..]) {
                ([path, ..], &[x, y, width, height])
                    if line.len() == 5 && numbers.iter().all(|one| one.is_finite()) && width > 0.0 && height > 0.0 =>
                {
                    boxes.entry(path.clone()).or_default().push(Region { x, y, width, height });
                }
                ([_, words @ ..], []) if index == 0 && words.len() == 4 => {}
                _ => {
                    return Err(Error::Request(fault!(
                        "boxes-columns",
                        "record {record} of {path} is no box; write the path of an image, left and top edge, width and height in its pixels, \
                         PATH,X,Y,WIDTH,HEIGHT",
                        record = index + 1,
                        path = name
                    )));
                }
            }
        }
        Ok(Self(boxes))
    }

    /// Those of an image.
    pub fn of(&self, name: &str) -> &[Region] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }

    /// How many images have any.
    pub fn images(&self) -> usize {
        self.0.len()
    }
}

/// What lies in the boxes of an image, by name: the share of the map's heat, and whether the hottest pixel does. The map is enlarged to the
/// network's input `[width, height]`, which sees that `region` of the image. Nothing without boxes, or where the network sees none of them;
/// no numbers where the map is blank.
pub fn in_boxes(
    map: &AttributionMap,
    boxes: &[Region],
    region: Region,
    [width, height]: [usize; 2],
) -> Vec<(&'static str, Option<f32>)> {
    let along =
        |at: f32, start: f32, length: f32, pixels: usize| f64::from(at - start) / f64::from(length) * pixels as f64;
    let edges = |one: &Region| {
        let across = |at| along(at, region.x, region.width, width);
        let down = |at| along(at, region.y, region.height, height);
        [across(one.x), down(one.y), across(one.x + one.width), down(one.y + one.height)]
    };
    let seen = |[left, top, right, bottom]: &[f64; 4]| {
        right.min(width as f64) > left.max(0.0) && bottom.min(height as f64) > top.max(0.0)
    };
    let boxes: Vec<[f64; 4]> = boxes.iter().map(edges).filter(seen).collect();
    if boxes.is_empty() {
        return vec![];
    }
    // Pixels from the middle of one of the input's to the nearest box; 0 inside.
    let away = |at: usize| {
        let [x, y] = [(at % width) as f64 + 0.5, (at / width) as f64 + 0.5];
        let beyond = |place: f64, low: f64, high: f64| (low - place).max(place - high).max(0.0);
        let of = |&[left, top, right, bottom]: &[f64; 4]| beyond(x, left, right).hypot(beyond(y, top, bottom));
        boxes.iter().map(of).fold(f64::INFINITY, f64::min)
    };
    let (mut inside, mut all, mut hottest) = (0.0, 0.0, (0.0, 0));
    for (at, &heat) in map.normalised.resize(width, height).values.iter().enumerate() {
        all += f64::from(heat);
        if heat > hottest.0 {
            hottest = (heat, at);
        }
        if away(at) == 0.0 {
            inside += f64::from(heat);
        }
    }
    let share = (all > 0.0).then(|| (inside / all) as f32);
    let hit = share.map(|_| f32::from(u8::from(away(hottest.1) <= NEAR)));
    vec![(BOX_HEAT, share), (BOX_HIT, hit)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explain::{Evidence, Score};
    use crate::preprocess::{Channels, Fit, Interpolation, Preprocessing};

    /// A map of 4 x 4 cells, of which that one alone is hot.
    fn hot(row: usize, column: usize) -> AttributionMap {
        let values = (0..16).map(|at| f32::from(u8::from(at == 4 * row + column))).collect();
        AttributionMap::new("conv".into(), [4, 4], values, Evidence::Features, Score::Logit)
    }

    fn region(x: f32, y: f32, width: f32, height: f32) -> Region {
        Region { x, y, width, height }
    }

    #[test]
    fn boxes_lie_in_the_image_and_the_network_sees_a_part_of_it() {
        // 400 x 200 pixels, the short side to 80 and the middle 40 x 40 of that: 100 x 100 pixels in the middle of the image.
        let fit = Fit::CentreCrop { short_side: 80 };
        let preprocessing = Preprocessing {
            width: 40,
            height: 40,
            fit,
            interpolation: Interpolation::Bilinear,
            channels: Channels::Rgb,
            scale: 1.0,
            mean: [0.0; 3],
            std: [1.0; 3],
        };
        let seen = preprocessing.region(400, 200);
        assert_eq!(seen, region(150.0, 50.0, 100.0, 100.0));
        let of = |boxes: &[Region]| in_boxes(&hot(1, 2), boxes, seen, [40, 40]);
        // The hot cell is 25 x 25 pixels of the image from (200, 75) on; enlarged, its heat falls off to 0 at the middles of its neighbours.
        assert_eq!(of(&[region(187.5, 62.5, 50.0, 50.0)]), [(BOX_HEAT, Some(1.0)), (BOX_HIT, Some(1.0))]);
        let [(_, own), (_, hit)] = of(&[region(200.0, 75.0, 25.0, 25.0)])[..] else { panic!("two numbers") };
        // Ten pixels of the input of a triangle of heights 0.05, 0.15 .. 0.95, 0.95 .. 0.05, those in the middle: 7.5 of 10 each way.
        assert!((own.expect("a share") - 0.5625).abs() < 1e-6 && hit == Some(1.0), "{own:?}");
        // The left half of the image: what the network sees of it is the left half of its input, without the cell.
        let [(_, left), (_, hit)] = of(&[region(0.0, 0.0, 200.0, 200.0)])[..] else { panic!("two numbers") };
        assert!((left.expect("a share") - 0.125).abs() < 1e-6 && hit == Some(1.0), "{left:?}: at most 15 pixels away");
        assert_eq!(of(&[region(0.0, 0.0, 162.5, 200.0)]), [(BOX_HEAT, Some(0.0)), (BOX_HIT, Some(0.0))]);
        // Two boxes count once where they lie over each other.
        let twice = of(&[region(200.0, 75.0, 25.0, 25.0), region(200.0, 75.0, 25.0, 25.0)]);
        assert_eq!(twice[0].1, own);
        assert_eq!((of(&[]), of(&[region(0.0, 0.0, 100.0, 200.0)])), (vec![], vec![]), "the network does not see it");
        let blank = AttributionMap::new("conv".into(), [4, 4], vec![0.0; 16], Evidence::Features, Score::Logit);
        assert_eq!(in_boxes(&blank, &[seen], seen, [40, 40]), [(BOX_HEAT, None), (BOX_HIT, None)]);
    }

    #[test]
    fn boxes_come_of_a_table() {
        let boxes =
            Boxes::read(b"path,x,y,w,h\na/1.jpg,1,2,3.5,4\n\"b, c.jpg\",0,0,9,9\na/1.jpg,5,5,1,1\n", "boxes.csv")
                .expect("boxes");
        assert_eq!((boxes.images(), boxes.of("a/1.jpg").len()), (2, 2));
        assert_eq!((boxes.of("b, c.jpg"), boxes.of("c.jpg").len()), (&[region(0.0, 0.0, 9.0, 9.0)][..], 0));
        for wrong in [
            "a.jpg,1,2,3\n",
            "a.jpg,1,2,3,4,5\n",
            "a.jpg,1,2,0,4\n",
            "a.jpg,1,x,3,4\n",
            "p,x,y,w,h\na.jpg,x,y,w,h\n",
            "a.jpg,1,nan,3,4\n",
        ] {
            let said = Boxes::read(wrong.as_bytes(), "boxes.csv").expect_err("no box").to_string();
            assert!(said.starts_with("record ") && said.contains("boxes.csv"), "{wrong}: {said}");
        }
    }
}
