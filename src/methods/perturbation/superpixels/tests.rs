//! Superpixels against scikit-image's where the answer is clear, and what every image's must be.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeMap;

use super::*;
use crate::methods::noise::Noise;

/// Answers of scikit-image 0.26, by `tests/tools/superpixels.py`.
#[derive(serde::Deserialize)]
struct Expected {
    size: [usize; 2],
    split: [usize; 2],
    labels: Vec<usize>,
    colours: Vec<[u8; 3]>,
    lab: Vec<[f64; 3]>,
}

fn expected() -> Expected {
    serde_json::from_str(include_str!("../../../../tests/data/superpixels.json")).unwrap()
}

fn image([height, width]: [usize; 2], colour: impl Fn(usize, usize) -> [u8; 3]) -> Image {
    let rgb = (0..height * width).flat_map(|place| colour(place / width, place % width)).collect();
    Image::from_rgb(width as u32, height as u32, rgb).unwrap()
}

#[test]
fn quadrants_are_scikit_images() {
    let Expected { size, split, labels, colours, .. } = expected();
    let quadrants = image(size, |y, x| colours[2 * usize::from(y >= split[0]) + usize::from(x >= split[1])]);
    assert_eq!(superpixels(&quadrants, Slic { count: 4, compactness: 10.0 }), labels);
}

#[test]
fn colours_in_cielab_are_scikit_images() {
    let Expected { colours, lab, .. } = expected();
    for (colour, lab) in colours.into_iter().zip(lab) {
        // Black apart, scikit-image's white is D65 to other digits.
        let distance = squared(cielab(colour), lab).sqrt();
        assert!(distance < 0.01, "{colour:?} is off by {distance}");
    }
}

#[test]
fn without_colour_superpixels_are_the_nearest_seeds() {
    // One plain colour: distance alone decides, which leaves a regular grid of Voronoi cells as it is.
    let labels = superpixels(&image([15, 15], |_, _| [90, 90, 90]), Slic { count: 9, compactness: 10.0 });
    let cells = (0..225).map(|place| place / 15 / 5 * 3 + place % 15 / 5).collect::<Vec<_>>();
    assert_eq!(labels, cells);
}

#[test]
fn any_image_is_cut_into_connected_parts_of_about_the_count() {
    let mut noise = Noise::of_channel(1, 0);
    let values: Vec<u8> = (0..3 * 37 * 53).map(|_| noise.below(256) as u8).collect();
    let noisy = image([37, 53], |y, x| [0, 1, 2].map(|channel| values[3 * (53 * y + x) + channel]));
    for (image, count, compactness) in [
        (noisy.clone(), 30, 10.0),
        (noisy.clone(), 30, 1000.0),
        (noisy.clone(), 1, 0.01),
        (noisy, 4096, 10.0),
        (image([1, 1], |_, _| [1, 2, 3]), 64, 10.0),
        (image([1, 9], |_, x| [28 * x as u8, 0, 0]), 3, 10.0),
    ] {
        let (width, height) = (image.width() as usize, image.height() as usize);
        let labels = superpixels(&image, Slic { count, compactness });
        assert_eq!(labels, superpixels(&image, Slic { count, compactness }), "nothing in it is random");
        let found = labels.iter().max().unwrap() + 1;
        let most = count.min(width * height);
        assert!(found <= 4 * most && (compactness < 100.0 || found >= most / 2), "{found} of {count}");
        // Filled anew from its first pixel, each label is reached whole.
        let mut parts: BTreeMap<usize, usize> = BTreeMap::new();
        labels.iter().for_each(|label| *parts.entry(*label).or_default() += 1);
        assert_eq!(parts.len(), found, "numbers have gaps");
        for (label, size) in parts {
            let mut reached = vec![false; labels.len()];
            let mut waiting = vec![labels.iter().position(|other| *other == label).unwrap()];
            while let Some(place) = waiting.pop() {
                if !std::mem::replace(&mut reached[place], true) {
                    waiting.extend(
                        neighbours(place, [height, width]).filter(|&other| labels[other] == label && !reached[other]),
                    );
                }
            }
            assert_eq!(reached.into_iter().filter(|reached| *reached).count(), size, "superpixel {label} is torn");
        }
    }
}

#[test]
fn compactness_trades_edges_for_squares() {
    // Stripes of 5 pixels in a 20 x 20 image: loose superpixels follow them, compact ones cut through.
    let stripes = image([20, 20], |_, x| if x / 5 % 2 == 0 { [250, 250, 250] } else { [10, 10, 10] });
    let mixed = |compactness| {
        let labels = superpixels(&stripes, Slic { count: 4, compactness });
        let found = labels.iter().max().unwrap() + 1;
        (0..found)
            .filter(|label| {
                let of =
                    |dark: bool| (0..400).any(|place| labels[place] == *label && (place % 20 / 5 % 2 == 1) == dark);
                of(true) && of(false)
            })
            .count()
    };
    assert_eq!(mixed(0.1), 0, "edges are followed");
    assert_eq!(mixed(1000.0), 4, "squares stay squares");
}
