//! Groups, places and patches of made maps and images.

use super::eigen::eigen;
use super::*;
use crate::image::Image;

const SIDE: usize = 16;

/// Numbers below 1 that look like chance, the same each time.
fn numbers(seed: u32) -> impl FnMut() -> f32 {
    let mut state = seed.wrapping_mul(2_654_435_761).wrapping_add(1);
    move || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / (1 << 24) as f32
    }
}

/// A round spot of heat over a little noise.
fn spot(row: f32, column: f32, number: &mut impl FnMut() -> f32) -> Vec<f32> {
    let away = |at: usize| ((at / SIDE) as f32 - row).powi(2) + ((at % SIDE) as f32 - column).powi(2);
    (0..SIDE * SIDE).map(|at| (-away(at) / 4.0).exp() + 0.05 * number()).collect()
}

#[test]
fn eigenvectors_are_those_of_the_matrix() {
    // 2 - (a path of three), whose eigenvalues are 2 - sqrt(2), 2 and 2 + sqrt(2).
    let path = [2.0, -1.0, 0.0, -1.0, 2.0, -1.0, 0.0, -1.0, 2.0];
    let found = eigen(path.to_vec(), 3);
    for ((value, vector), expected) in found.iter().zip([2.0 - 2.0_f64.sqrt(), 2.0, 2.0 + 2.0_f64.sqrt()]) {
        assert!((value - expected).abs() < 1e-12, "{value}");
        for row in 0..3 {
            let times: f64 = (0..3).map(|column| path[3 * row + column] * vector[column]).sum();
            assert!((times - value * vector[row]).abs() < 1e-12, "{vector:?}");
        }
        assert!((vector.iter().map(|part| part * part).sum::<f64>() - 1.0).abs() < 1e-12 && vector[0] > 0.0);
    }
    // A larger one, and one with equal eigenvalues.
    let mut number = numbers(3);
    let n = 40;
    let mut matrix = vec![0.0; n * n];
    for at in 0..n * n {
        let value = f64::from(number());
        (matrix[at], matrix[at % n * n + at / n]) = (value, value);
    }
    let trace: f64 = (0..n).map(|at| matrix[at * n + at]).sum();
    let found = eigen(matrix.clone(), n);
    assert!((found.iter().map(|(value, _)| value).sum::<f64>() - trace).abs() < 1e-9);
    for (value, vector) in &found {
        let times = |row: usize| (0..n).map(|column| matrix[row * n + column] * vector[column]).sum::<f64>();
        assert!((0..n).all(|row| (times(row) - value * vector[row]).abs() < 1e-9), "{value}");
    }
    let same = eigen(vec![3.0, 0.0, 0.0, 3.0], 2);
    assert_eq!(same.iter().map(|(value, _)| *value).collect::<Vec<_>>(), [3.0, 3.0]);
}

#[test]
fn maps_of_two_kinds_are_two_groups() {
    for seed in [1, 2, 3] {
        let mut number = numbers(seed);
        // Ten with heat in one corner, twenty with heat somewhere in the other half, and strengths of all kinds.
        let mut maps: Vec<Vec<f32>> = (0..10).map(|_| spot(14.0, 1.0, &mut number)).collect();
        maps.extend((0..20).map(|_| {
            let (row, column) = (3.0 + 3.0 * number(), 8.0 + 3.0 * number());
            spot(row, column, &mut number)
        }));
        maps.iter_mut()
            .enumerate()
            .for_each(|(at, map)| map.iter_mut().for_each(|heat| *heat *= 1.0 + (at % 3) as f32));
        let maps: Vec<&[f32]> = maps.iter().map(|map| &map[..]).collect();
        let groups = groups(&maps);
        assert!(groups.contains(&(0..10).collect()), "{groups:?}");
        assert_eq!(groups.concat().len(), 30);
    }
}

#[test]
fn few_maps_and_equal_maps_are_one_group_and_many_are_sampled() {
    assert_eq!(groups(&[]), Vec::<Vec<usize>>::new());
    let one = vec![1.0; SIDE * SIDE];
    assert_eq!(groups(&[&one, &one]), [[0, 1]]);
    let mut number = numbers(5);
    let maps: Vec<Vec<f32>> =
        (0..450).map(|at| spot(if at % 3 == 0 { 2.0 } else { 13.0 }, 4.0 + number(), &mut number)).collect();
    let maps: Vec<&[f32]> = maps.iter().map(|map| &map[..]).collect();
    for group in groups(&maps) {
        assert!(group.iter().all(|at| at % 3 == 0) || group.iter().all(|at| at % 3 != 0), "{group:?}");
    }
}

#[test]
fn a_place_is_small_and_holds_the_heat() {
    let mut number = numbers(7);
    let maps: Vec<Vec<f32>> = (0..6).map(|_| spot(14.0, 1.0, &mut number)).collect();
    let maps: Vec<&[f32]> = maps.iter().map(|map| &map[..]).collect();
    let place = Place::of(&maps, SIDE).expect("a place");
    assert!(place.rows[0] >= 12 && place.rows[1] == 16 && place.columns[0] == 0 && place.columns[1] <= 4, "{place:?}");
    let share = place.share(maps[0]);
    assert!((0.3..0.9).contains(&share), "{share}");
    assert_eq!(place.mirrored().len(), 3);
    let middle = Place { rows: [6, 10], columns: [6, 10], side: SIDE };
    assert_eq!(middle.mirrored(), []);
    // Of even maps, none; of none, none.
    assert_eq!(Place::of(&[&vec![1.0; SIDE * SIDE]], SIDE), None);
    assert_eq!(Place::of(&[&vec![0.0; SIDE * SIDE]], SIDE), None);
    let whole = Place { rows: [0, 16], columns: [0, 8], side: SIDE }.bounding_box();
    assert_eq!((whole.left, whole.top, whole.width, whole.height), (0.0, 0.0, 0.5, 1.0));
}

/// An image of noise, with a mark in its lower left corner.
fn image(number: &mut impl FnMut() -> f32, mark: bool) -> Image {
    let side = 96;
    let pixel = |row: u32, column: u32, noise: f32| {
        let inside = mark && row >= 78 && column < 18;
        if inside { if (row / 6 + column / 6).is_multiple_of(2) { 250.0 } else { 10.0 } } else { 255.0 * noise }
    };
    let rgb = (0..side * side).flat_map(|at| [0; 3].map(|_: u8| pixel(at / side, at % side, number()) as u8));
    Image::from_rgb(side, side, rgb.collect()).expect("an image")
}

#[test]
fn a_mark_is_the_same_and_photographs_are_not() {
    let mut number = numbers(11);
    let corner = Place { rows: [13, 16], columns: [0, 3], side: SIDE };
    let all = Place { rows: [0, SIDE], columns: [0, SIDE], side: SIDE };
    let mut of = |mark: bool, count: usize| {
        let images: Vec<Image> = (0..count).map(|_| image(&mut number, mark)).collect();
        let at = |place: &Place| images.iter().map(|image| patch(image, place)).collect::<Vec<_>>();
        sameness(&at(&corner), &at(&all))
    };
    assert!(of(true, 6).expect("a number") > 0.99);
    assert!(of(false, 6).expect("a number") < 0.15);
    assert_eq!(of(true, 1), None);
    // A black bar is as much the same as any mark.
    let black: Vec<Vec<f32>> = vec![vec![0.0; 12]; 3];
    assert_eq!(sameness(&black, &[vec![100.0; 48]]), Some(1.0));
    assert_eq!(sameness(&black, &black), None);
}

#[test]
fn a_patch_is_means_of_pixels() {
    // 20 x 32 pixels, of which red is the row and green the column.
    let rgb = (0..20 * 32_u32).flat_map(|at| [(at / 20) as u8, (at % 20) as u8, 7]).collect();
    let image = Image::from_rgb(20, 32, rgb).expect("an image");
    let place = Place { rows: [1, 2], columns: [0, 1], side: 4 };
    // Of 16 points along each side, the fifth to eighth row: pixel rows 8 to 15, two a point; 20 pixels make 16 points.
    let found = patch(&image, &place);
    assert_eq!(found.len(), 4 * 4 * 3);
    assert_eq!(found[..3], [8.5, 0.0, 7.0]);
    assert_eq!(found[9..12], [8.5, 3.5, 7.0]);
    assert_eq!(found[3 * 12], 14.5);
}
